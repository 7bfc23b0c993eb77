/** Items of a list as entries: `- **Name**: text`, with what stands below them. */

import type { Entry } from './contract.ts';
import type { Block, Item } from './outline.ts';
import type { Section } from './sections.ts';
import { stripped } from './source.ts';

const BOLD = /^(?:\*\*((?:(?!\*\*).)+)\*\*|__((?:(?!__).)+)__)(.*)$/s;
const SEPARATOR = /^[ \t]*(?::|[-–—](?=[ \t]))[ \t]*/;
/** What may be a name without being bold: a few words before a colon. */
const PLAIN = /^([^:.\n`*_[\]]{1,60}):[ \t]+(?=\S)/;

/** A name and its text; undefined where the words begin with no name. */
export function named(text: string): { name: string; text: string } | undefined {
  const bold = BOLD.exec(text);
  if (bold === null) return undefined;
  const inner = (bold[1] ?? bold[2] ?? '').trim();
  const rest = bold[3] ?? '';
  const name = plainName(inner);
  if (name === '') return undefined;
  if (inner.endsWith(':')) return { name, text: rest.trim() };
  const separator = SEPARATOR.exec(rest);
  if (separator === null && rest.trim() !== '' && !rest.startsWith('\n')) return undefined;
  return { name, text: rest.slice(separator?.[0].length ?? 0).trim() };
}

/** Without the marks and the colon around it. */
export function plainName(text: string): string {
  return stripped(text.replace(/\*{2,}|_{2,}/g, '').replaceAll('\n', ' '), '*_: \t');
}

export type Naming = 'bold' | 'plain_too';

export function entryOf(item: Item, naming: Naming = 'plain_too'): Entry {
  const plain = naming === 'plain_too' ? PLAIN.exec(item.text) : null;
  const { name, text } = named(item.text) ?? {
    name: plainName(plain?.[1] ?? ''),
    text: item.text.slice(plain?.[0].length ?? 0),
  };
  return {
    name,
    text,
    line: item.line,
    ...(item.checked === undefined ? {} : { checked: item.checked }),
    ...(item.items.length === 0 ? {} : { items: item.items.map((below) => entryOf(below, naming)) }),
  };
}

export const itemsIn = (blocks: readonly Block[]): Item[] =>
  blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));

export const paragraphsIn = (blocks: readonly Block[]): string[] =>
  blocks.flatMap((block) => (block.kind === 'paragraph' ? [block.text] : []));

/** A heading inside a part that has no groups becomes an entry that holds what stands under it. */
export function entriesOf({ blocks, below }: Pick<Section, 'blocks' | 'below'>): Entry[] {
  return [
    ...itemsIn(blocks).map((item) => entryOf(item)),
    ...below.map((part) => headingEntry(part.title, part.line, part.blocks)),
  ];
}

export function headingEntry(title: string, line: number, blocks: readonly Block[]): Entry {
  const items = itemsIn(blocks).map((item) => entryOf(item));
  return {
    name: plainName(title),
    text: paragraphsIn(blocks).join('\n'),
    line,
    ...(items.length === 0 ? {} : { items }),
  };
}
