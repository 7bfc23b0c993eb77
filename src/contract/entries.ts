/** Items of a list as entries: `- **Name**: text`, with what stands below them. */

import { defined } from '../defined.ts';
import type { Entry } from './contract.ts';
import type { Item } from './item.ts';
import { type Block, isFence, titleOf } from './outline.ts';
import type { Section } from './sections.ts';
import { stripped } from './source.ts';
import { headOf, itemsOfTable } from './tables.ts';

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
  const separator = inner.endsWith(':') ? '' : SEPARATOR.exec(rest)?.[0];
  if (separator === undefined && rest.trim() !== '' && !rest.startsWith('\n')) return undefined;
  return withText(name, rest.slice(separator?.length ?? 0));
}

/** Marks of a code block behind a name on its line are none: such a line has no name. */
function withText(name: string, rest: string): { name: string; text: string } | undefined {
  const text = rest.trim();
  return isFence(text) && !/^\s*\n/.test(rest) ? undefined : { name, text };
}

/** Without the marks and the colon around it. */
function plainName(text: string): string {
  return stripped(text.replace(/\*{2,}|_{2,}/g, '').replaceAll('\n', ' '), '*_:');
}

/** The name that a heading gives: written as a heading again it is the same. */
export function headingName(title: string): string {
  const name = plainName(title);
  return titleOf(name) === name ? name : stripped(name, '*_:#');
}

function plainlyNamed(text: string): { name: string; text: string } | undefined {
  const found = PLAIN.exec(text);
  return found === null ? undefined : withText(plainName(found[1] ?? ''), text.slice(found[0].length));
}

export type Naming = 'bold' | 'plain_too';

export function entryOf(item: Item, naming: Naming = 'plain_too'): Entry {
  const plain = naming === 'plain_too' ? plainlyNamed(item.text) : undefined;
  const { name, text } = named(item.text) ?? plain ?? { name: '', text: item.text };
  return {
    name,
    text,
    line: item.line,
    ...defined({ checked: item.checked }),
    ...(item.items.length === 0 ? {} : { items: item.items.map((below) => entryOf(below, naming)) }),
  };
}

/** Named by its first line where no name is set apart. */
export function withName<T extends Entry>(entry: T): T {
  if (entry.name !== '' || isFence(entry.text)) return entry;
  const [first = '', ...more] = entry.text.split('\n');
  return { ...entry, name: plainName(first), text: more.join('\n') };
}

export const itemsIn = (blocks: readonly Block[]): Item[] =>
  blocks.flatMap((block) =>
    block.kind === 'list' ? block.items : block.kind === 'table' ? itemsOfTable(block) : [],
  );

/** With what a table says above its rows. */
export const paragraphsIn = (blocks: readonly Block[]): string[] =>
  blocks.flatMap((block) =>
    block.kind === 'paragraph' ? [block.text] : block.kind === 'table' ? headOf(block) : [],
  );

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
    name: headingName(title),
    text: paragraphsIn(blocks).join('\n'),
    line,
    ...(items.length === 0 ? {} : { items }),
  };
}
