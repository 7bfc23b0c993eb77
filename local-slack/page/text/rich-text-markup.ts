/** Rich text from what a person typed with marks (`*bold*`, lists, quotes, code), and back. */
import type { RichTextBlock, RichTextElement, RichTextSection } from '@slack/types';
import { type Chunk, type Inline, mrkdwn } from './mrkdwn.ts';

type Style = { bold?: true; italic?: true; strike?: true; code?: true };

function elementsOf(nodes: Inline[], style: Style = {}): RichTextElement[] {
  return nodes.flatMap((node) => elementOf(node, style));
}

function elementOf(node: Inline, style: Style): RichTextElement[] {
  const dressed = Object.keys(style).length > 0 ? { style } : {};
  switch (node.kind) {
    case 'text':
      return [{ type: 'text', text: node.text, ...dressed }];
    case 'code':
      return [{ type: 'text', text: node.text, style: { ...style, code: true } }];
    case 'bold':
    case 'italic':
    case 'strike':
      return elementsOf(node.children, { ...style, [node.kind]: true });
    case 'link':
      return [
        {
          type: 'link',
          url: node.url,
          ...(node.label === node.url ? {} : { text: node.label }),
          ...dressed,
        },
      ];
    case 'user':
      return [{ type: 'user', user_id: node.id }];
    case 'channel':
      return [{ type: 'channel', channel_id: node.id }];
    case 'usergroup':
      return [{ type: 'usergroup', usergroup_id: node.id }];
    case 'broadcast':
      return [
        {
          type: 'broadcast',
          range: node.range === 'here' || node.range === 'everyone' ? node.range : 'channel',
        },
      ];
    case 'emoji':
      return [{ type: 'emoji', name: node.name }];
    case 'date':
      return [{ type: 'date', timestamp: node.seconds, format: node.format, fallback: node.fallback }];
  }
}

const section = (elements: RichTextElement[]): RichTextSection => ({ type: 'rich_text_section', elements });

function linesOf(lines: Inline[][]): RichTextElement[] {
  return lines.flatMap((line, index) => [
    ...(index > 0 ? [{ type: 'text' as const, text: '\n' }] : []),
    ...elementsOf(line),
  ]);
}

function partOf(chunk: Chunk): RichTextBlock['elements'] {
  switch (chunk.kind) {
    case 'lines':
      return [section(linesOf(chunk.lines))];
    case 'pre':
      return [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: chunk.text }] }];
    case 'quote':
      return [
        {
          type: 'rich_text_quote',
          elements: chunk.chunks.flatMap((inner) => (inner.kind === 'lines' ? linesOf(inner.lines) : [])),
        },
      ];
    case 'list':
      return chunk.items.map((item) => ({
        type: 'rich_text_list',
        style: /\d/.test(item.marker) ? 'ordered' : 'bullet',
        indent: item.indent,
        elements: [section(elementsOf(item.children))],
      }));
  }
}

/** Neighbouring items of one sort are one list. */
function joined(parts: RichTextBlock['elements']): RichTextBlock['elements'] {
  const out: RichTextBlock['elements'] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (
      part.type === 'rich_text_list' &&
      last?.type === 'rich_text_list' &&
      last.style === part.style &&
      last.indent === part.indent
    ) {
      out[out.length - 1] = { ...last, elements: [...last.elements, ...part.elements] };
    } else out.push(part);
  }
  return out;
}

/** `text` is mrkdwn: escaped, with mentions in angle brackets. */
export function richTextOf(text: string): RichTextBlock {
  return { type: 'rich_text', elements: joined(mrkdwn(text).flatMap(partOf)) };
}

const MARKS = [
  ['code', '`'],
  ['strike', '~'],
  ['italic', '_'],
  ['bold', '*'],
] as const;

function markupOfElement(element: RichTextElement): string {
  switch (element.type) {
    case 'text':
      return MARKS.reduce(
        (text, [name, mark]) => (element.style?.[name] ? `${mark}${text}${mark}` : text),
        element.text,
      );
    case 'link':
      return element.text ?? element.url;
    case 'emoji':
      return `:${element.name}:`;
    case 'broadcast':
      return `@${element.range}`;
    case 'user':
      return `<@${element.user_id}>`;
    case 'channel':
      return `<#${element.channel_id}>`;
    case 'usergroup':
      return `<!subteam^${element.usergroup_id}>`;
    case 'date':
      return element.fallback ?? '';
    default:
      return '';
  }
}

const markupOfAll = (elements: RichTextElement[]) => elements.map(markupOfElement).join('');

/** What a person would have typed to get this. */
export function markupOf(block: Pick<RichTextBlock, 'elements'>): string {
  return block.elements
    .map((part) => {
      switch (part.type) {
        case 'rich_text_list':
          return part.elements
            .map((item, index) => {
              const space = '  '.repeat(part.indent ?? 0);
              return `${space}${part.style === 'ordered' ? `${index + 1}.` : '•'} ${markupOfAll(item.elements)}`;
            })
            .join('\n');
        case 'rich_text_quote':
          return markupOfAll(part.elements)
            .split('\n')
            .map((line) => `> ${line}`)
            .join('\n');
        case 'rich_text_preformatted':
          return `\`\`\`\n${markupOfAll(part.elements)}\n\`\`\``;
        default:
          return markupOfAll(part.elements);
      }
    })
    .join('\n');
}
