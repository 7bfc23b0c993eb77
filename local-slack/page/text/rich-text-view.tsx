/** Rich text: sections, lists, quotes and code, with every inline element of `@slack/types`. */
import type {
  RichTextBlock,
  RichTextElement,
  RichTextList,
  RichTextPreformatted,
  RichTextQuote,
  RichTextSection,
} from '@slack/types';
import type { ComponentChildren } from 'preact';
import { useDirectory } from '../state/page-store.ts';
import {
  BroadcastMention,
  ChannelMention,
  DateText,
  Emoji,
  GroupMention,
  OutLink,
  UserMention,
} from './text-view.tsx';

type Style = { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean; underline?: boolean };

function styled(style: Style | undefined, children: ComponentChildren): ComponentChildren {
  let out = children;
  if (style?.code) out = <code>{out}</code>;
  if (style?.strike) out = <del>{out}</del>;
  if (style?.underline) out = <u>{out}</u>;
  if (style?.italic) out = <em>{out}</em>;
  if (style?.bold) out = <strong>{out}</strong>;
  return out;
}

function lines(text: string): ComponentChildren {
  return text.split('\n').map((line, index) => [index > 0 && <br key={index} />, line]);
}

function TeamName({ id }: { id: string }) {
  const team = useDirectory().workspace?.team;
  return <span class="mention">{team?.id === id ? team.name : id}</span>;
}

function Element({ element }: { element: RichTextElement }) {
  switch (element.type) {
    case 'text':
      return <>{lines(element.text)}</>;
    case 'link':
      return <OutLink url={element.url}>{element.text ?? element.url}</OutLink>;
    case 'emoji':
      return <Emoji name={element.name} unicode={characterOf(element.unicode)} />;
    case 'user':
      return <UserMention id={element.user_id} />;
    case 'usergroup':
      return <GroupMention id={element.usergroup_id} />;
    case 'channel':
      return <ChannelMention id={element.channel_id} />;
    case 'broadcast':
      return <BroadcastMention range={element.range} />;
    case 'team':
      return <TeamName id={element.team_id} />;
    case 'date':
      return (
        <DateText
          seconds={element.timestamp}
          format={element.format}
          fallback={element.fallback ?? ''}
          url={element.url}
        />
      );
    case 'color':
      return (
        <span class="color">
          <span
            class="color-chip"
            style={{ background: /^#[0-9a-f]{3,8}$/i.test(element.value) ? element.value : 'none' }}
          />
          {element.value}
        </span>
      );
    default:
      return <code>{JSON.stringify(element)}</code>;
  }
}

/** Slack writes an emoji as code points in hex, `1f44d-1f3fd`. */
function characterOf(unicode: string | undefined): string | undefined {
  if (!unicode || !/^[0-9a-f-]+$/i.test(unicode)) return undefined;
  return String.fromCodePoint(...unicode.split('-').map((point) => Number.parseInt(point, 16)));
}

function inline(elements: RichTextElement[]): ComponentChildren {
  return elements.map((element, index) => (
    <span key={index}>
      {styled('style' in element ? element.style : undefined, <Element element={element} />)}
    </span>
  ));
}

function List({ list }: { list: RichTextList }) {
  const Kind = list.style === 'ordered' ? 'ol' : 'ul';
  const offset = (list as { offset?: number }).offset ?? 0;
  return (
    <Kind
      class={`rich-list indent-${Math.min(list.indent ?? 0, 8)}${list.border ? ' bordered' : ''}`}
      style={{ marginInlineStart: `${(list.indent ?? 0) * 24}px` }}
      {...(list.style === 'ordered' ? { start: offset + 1 } : {})}
    >
      {list.elements.map((item, index) => (
        <li key={index}>{inline(item.elements)}</li>
      ))}
    </Kind>
  );
}

type Part = RichTextSection | RichTextList | RichTextQuote | RichTextPreformatted;

function PartView({ part }: { part: Part }) {
  switch (part.type) {
    case 'rich_text_section':
      return <div class="lines">{inline(part.elements)}</div>;
    case 'rich_text_list':
      return <List list={part} />;
    case 'rich_text_quote':
      return <blockquote>{inline(part.elements)}</blockquote>;
    case 'rich_text_preformatted':
      return <pre>{inline(part.elements)}</pre>;
    default:
      return <pre>{JSON.stringify(part, null, 2)}</pre>;
  }
}

export function RichText({ block }: { block: Pick<RichTextBlock, 'elements'> }) {
  return (
    <div class="text rich">
      {block.elements.map((part, index) => (
        <PartView key={index} part={part} />
      ))}
    </div>
  );
}
