/** The context of a contract: paragraphs, and facts with a name. */

import type { Contract, Entry } from './contract.ts';
import { entryOf, headingEntry, named } from './entries.ts';
import type { Block } from './outline.ts';
import type { Section } from './sections.ts';

export function readContext({ blocks, below }: Pick<Section, 'blocks' | 'below'>): Contract['context'] {
  const paragraphs: string[] = [];
  const facts: Entry[] = below.map(({ title, line, blocks: own }) => headingEntry(title, line, own));
  const own: Entry[] = [];
  /** The fact whose list may follow. */
  let open: Entry | undefined;
  for (const block of blocks) {
    if (block.kind === 'list') {
      const items = block.items.map((item) => entryOf(item, 'bold'));
      if (open === undefined) own.push(...items);
      else open.items = items;
      open = undefined;
      continue;
    }
    const found = block.kind === 'paragraph' ? factsIn(block) : [];
    if (found.length === 0) paragraphs.push(block.text);
    own.push(...found);
    const last = found.at(-1);
    open = last !== undefined && (last.text === '' || last.text.endsWith(':')) ? last : undefined;
  }
  return { paragraphs, facts: [...own, ...facts] };
}

/** A paragraph that begins with a name is a fact; each further line that does begins another. */
function factsIn({ text, line }: Extract<Block, { kind: 'paragraph' }>): Entry[] {
  if (named(text) === undefined || text.includes('```') || text.includes('~~~')) return [];
  const parts: { words: string; line: number }[] = [];
  for (const [index, words] of text.split('\n').entries()) {
    const last = parts.at(-1);
    if (last === undefined || named(words) !== undefined) parts.push({ words, line: line + index });
    else last.words += `\n${words}`;
  }
  return parts.map((part) => ({
    ...(named(part.words) ?? { name: '', text: part.words }),
    line: part.line,
  }));
}
