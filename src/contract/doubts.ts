/** What a reader might take for a criterion, and is not read as one: it is named, so that nobody relies on it. */

import { type Doubt, SECTIONS } from './contract.ts';
import type { Block, Outline } from './outline.ts';
import type { Section, Sections } from './sections.ts';

const blocksOf = ({ blocks, below }: Section): Block[] => [
  ...blocks,
  ...below.flatMap(({ blocks: own }) => own),
];

const headingOf = ({ key, title }: Pick<Section, 'key' | 'title'>): string =>
  key === undefined ? title : SECTIONS[key];

/** A name as of a numbered criterion at the start of a line, or a list in HTML. */
const LIKE_AN_ITEM = /^(?:[A-Z]{1,5}[-_ ]?\d{1,4}[:.)]\s|<(?:li|tr|td|table|ul|ol|input)\b)/;

export function doubtsIn(outline: Outline, { sections }: Sections): Doubt[] {
  const inCode = outline.boxesInCode.map(({ line, text }) => {
    const part = sections.findLast((section) => section.line <= line);
    return {
      section: part === undefined ? '' : headingOf(part),
      line,
      text,
      why: 'a box in a code block is taken for an example',
    };
  });
  const criteria = sections.find(({ key }) => key === 'acceptanceCriteria');
  const lines = criteria === undefined ? [] : linesIn(blocksOf(criteria));
  const unlisted = lines
    .filter(({ text }) => LIKE_AN_ITEM.test(text))
    .map(({ line, text }) => ({
      section: SECTIONS.acceptanceCriteria,
      line,
      text,
      why: 'it stands in no list and has no box',
    }));
  return [...inCode, ...unlisted].toSorted((a, b) => a.line - b.line);
}

const linesIn = (blocks: readonly Block[]): { line: number; text: string }[] =>
  blocks.flatMap((block) =>
    block.kind === 'paragraph'
      ? block.text.split('\n').map((text, index) => ({ line: block.line + index, text }))
      : [],
  );
