/** Blocks and entries as Markdown in one form: reading it again gives the same. */

import { defined } from '../defined.ts';
import type { Entry } from './contract.ts';
import type { Item } from './item.ts';
import { type Block, isFence, isRule, type Part } from './outline.ts';

interface Line {
  checked?: boolean;
  words: string;
  below: Line[];
}

export function listMarkdown(entries: readonly Entry[], numbered = false): string {
  return drawn(entries.map(lineOfEntry), numbered);
}

export function blocksMarkdown(blocks: readonly Block[]): string {
  return blocks
    .map((block) => (block.kind === 'list' ? drawn(block.items.map(lineOfItem), false) : block.text))
    .join('\n\n');
}

/** Headings below a part keep their order; their level is one below the part's, or further. */
export function partsMarkdown(blocks: readonly Block[], below: readonly Part[]): string {
  const base = Math.min(...below.map(({ level }) => level));
  const parts = below.map(({ title, level, blocks: own }) => {
    const heading = `${'#'.repeat(Math.min(6, 3 + level - base))} ${title}`.trimEnd();
    return [heading, blocksMarkdown(own)].filter(Boolean).join('\n\n');
  });
  return [blocksMarkdown(blocks), ...parts].filter(Boolean).join('\n\n');
}

export function entryWords({ name, text }: Pick<Entry, 'name' | 'text'>): string {
  if (name === '') return text;
  if (text === '') return `**${name}**`;
  return isFence(text) ? `**${name}**:\n${text}` : `**${name}**: ${text}`;
}

const lineOfEntry = (entry: Entry): Line => ({
  ...defined({ checked: entry.checked }),
  words: entryWords(entry),
  below: (entry.items ?? []).map(lineOfEntry),
});

const lineOfItem = ({ checked, text, items }: Item): Line => ({
  ...defined({ checked }),
  words: text,
  below: items.map(lineOfItem),
});

function drawn(lines: readonly Line[], numbered: boolean): string {
  return lines.flatMap((line, index) => drawnLine(line, numbered ? `${index + 1}.` : '-')).join('\n');
}

function drawnLine({ checked, words, below }: Line, mark: string): string[] {
  const pad = ' '.repeat(mark.length + 1);
  const [first = '', ...more] = isFence(words) ? ['', ...words.split('\n')] : words.split('\n');
  // A list of dashes would be read as a line that divides.
  const own = isRule(`${mark} ${first}`) ? '+' : mark;
  const box = checked === undefined ? '' : checked ? ' [x]' : ' [ ]';
  return [
    `${own}${box}${first === '' ? '' : ` ${first}`}`,
    ...more.map((line) => (line === '' ? '' : pad + line)),
    ...below.flatMap((line) => drawnLine(line, '-')).map((line) => (line === '' ? '' : pad + line)),
  ];
}
