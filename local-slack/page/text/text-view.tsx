/** Text as people see it: mrkdwn trees and plain text drawn as nodes, never as markup. */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { goTo } from '../state/going.ts';
import { useDirectory, usePage, useZone } from '../state/page-store.ts';
import { useWorldNow } from '../state/world-clock.ts';
import { emojiOf, withEmoji } from './emoji.ts';
import { type Chunk, type Inline, mrkdwn } from './mrkdwn.ts';
import { slackDate } from './slack-date.ts';

export function Emoji({ name, unicode }: { name: string; unicode?: string | undefined }) {
  const character = unicode ?? emojiOf(name);
  if (character === undefined) return <>{`:${name}:`}</>;
  return (
    <span class="emoji" role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
      {character}
    </span>
  );
}

export function OutLink({ url, children }: { url: string; children: ComponentChildren }) {
  const safe = /^(https?:|mailto:|tel:)/i.test(url);
  if (!safe) return <>{children}</>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

export function UserMention({ id, label }: { id: string; label?: string | undefined }) {
  const person = useDirectory().person(id);
  const mine = usePage((state) => state.me === id);
  return (
    <span class={mine ? 'mention mention-me' : 'mention'} title={person?.real_name}>
      @{person?.real_name ?? label ?? id}
    </span>
  );
}

export function GroupMention({ id, label }: { id: string; label?: string | undefined }) {
  const group = useDirectory().group(id);
  const mine = usePage((state) => group?.users.includes(state.me) ?? false);
  return (
    <span class={mine ? 'mention mention-me' : 'mention'} title={group?.name}>
      @{(group?.handle ?? label ?? id).replace(/^@/, '')}
    </span>
  );
}

export function ChannelMention({ id, label }: { id: string; label?: string | undefined }) {
  const channel = useDirectory().channel(id);
  if (!channel) return <span class="mention">#{label ?? id}</span>;
  return (
    <button
      type="button"
      class="mention mention-link"
      onClick={() => void goTo({ channel: id, tab: 'messages' })}
    >
      #{channel.name}
    </button>
  );
}

export function BroadcastMention({ range }: { range: string }) {
  return <span class="mention mention-me">@{range}</span>;
}

interface DateShown {
  seconds: number;
  format: string;
  fallback: string;
  url?: string | undefined;
}

/** A date this short is not broken over two lines. */
const SHORT = 24;

export function DateText({ seconds, format, fallback, url }: DateShown) {
  const zone = useZone();
  const now = useWorldNow(format.includes('{ago}') ? 'minute' : 'day');
  const written = slackDate(format, seconds * 1000, zone, now) ?? fallback;
  const exact = slackDate('{date_long} {time_secs}', seconds * 1000, zone, now);
  const time = (
    <time
      class={written.length < SHORT ? 'date unbroken' : 'date'}
      dateTime={new Date(seconds * 1000).toISOString()}
      title={`${exact ?? ''} (${zone})`}
    >
      {written}
    </time>
  );
  return url ? <OutLink url={url}>{time}</OutLink> : time;
}

function InlineView({ node }: { node: Inline }) {
  switch (node.kind) {
    case 'text':
      return <>{node.text}</>;
    case 'bold':
      return <strong>{inlineNodes(node.children)}</strong>;
    case 'italic':
      return <em>{inlineNodes(node.children)}</em>;
    case 'strike':
      return <del>{inlineNodes(node.children)}</del>;
    case 'code':
      return <code>{node.text}</code>;
    case 'link':
      return <OutLink url={node.url}>{withEmoji(node.label)}</OutLink>;
    case 'user':
      return <UserMention id={node.id} label={node.label} />;
    case 'channel':
      return <ChannelMention id={node.id} label={node.label} />;
    case 'usergroup':
      return <GroupMention id={node.id} label={node.label} />;
    case 'broadcast':
      return <BroadcastMention range={node.range} />;
    case 'date':
      return <DateText seconds={node.seconds} format={node.format} fallback={node.fallback} url={node.url} />;
    case 'emoji':
      return <Emoji name={node.name} />;
  }
}

function inlineNodes(nodes: Inline[]): ComponentChildren {
  return nodes.map((node, index) => <InlineView key={index} node={node} />);
}

function ChunkView({ chunk }: { chunk: Chunk }) {
  switch (chunk.kind) {
    case 'pre':
      return <pre>{chunk.text}</pre>;
    case 'quote':
      return <blockquote>{chunkNodes(chunk.chunks)}</blockquote>;
    case 'list':
      return (
        <ul class="typed-list">
          {chunk.items.map((item, index) => (
            <li key={index} style={{ marginInlineStart: `${item.indent * 20}px` }}>
              <span class="marker">{item.marker}</span>
              <span>{inlineNodes(item.children)}</span>
            </li>
          ))}
        </ul>
      );
    case 'lines':
      return (
        <div class="lines">
          {chunk.lines.map((line, index) => [index > 0 && <br key={`br${index}`} />, inlineNodes(line)])}
        </div>
      );
  }
}

const chunkNodes = (chunks: Chunk[]) => chunks.map((chunk, index) => <ChunkView key={index} chunk={chunk} />);

export function Mrkdwn({ text }: { text: string }) {
  const chunks = useMemo(() => mrkdwn(text), [text]);
  return <div class="text">{chunkNodes(chunks)}</div>;
}

export interface TextLike {
  type: string;
  text: string;
  emoji?: boolean;
}

/** A text object on one line: a label, a title, an option. */
export function plainOf(text: TextLike | undefined): string {
  if (text === undefined) return '';
  return text.emoji === false ? text.text : withEmoji(text.text);
}

/** A text object of either kind. */
export function Text({ text }: { text: TextLike }) {
  if (text.type === 'mrkdwn') return <Mrkdwn text={text.text} />;
  return <div class="text plain">{plainOf(text)}</div>;
}
