/** Tables: each row of one is an item, as it would be of a list. */

import { defined } from '../defined.ts';
import { boxOf } from './boxes.ts';
import type { Item } from './item.ts';

export interface Table {
  /** As it is written. */
  text: string;
  line: number;
  head?: string[];
  rows: { cells: string[]; line: number }[];
}

const DIVIDER = /^\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?$/;

export const isDivider = (text: string): boolean => DIVIDER.test(text);

/** A row in bars; one bar alone is none. */
export const isRow = (text: string): boolean => text.length > 2 && text.startsWith('|') && text.endsWith('|');

export function cellsOf(text: string): string[] {
  const inner = text.replace(/^\|/, '').replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim());
}

/** Numbers that only count the rows say nothing. */
const COUNT = /^(?:#|no\.?|nr\.?)$/i;

/** No cell begins a code block. */
const CODE_BLOCK = /^\s*(?:`{3,}|~{3,})/;

/** The first words are its name, the others follow with their heading; a box or a mark in a cell is the row's. */
export function itemsOfTable({ head = [], rows }: Table): Item[] {
  const nameColumn = Math.max(
    0,
    head.findIndex((heading) => !COUNT.test(heading)),
  );
  let above = '';
  return rows.flatMap(({ cells, line }): Item[] => {
    const boxes = cells.map((cell) => boxOf(cell));
    const said = cells.flatMap((cell, index) => {
      const box = boxes[index];
      const words = (box === undefined ? cell : cell.slice(box.length)).replace(CODE_BLOCK, '').trim();
      return words === '' || COUNT.test(head[index] ?? '') ? [] : [{ words, heading: head[index] ?? '' }];
    });
    // A cell that was merged with the one above it says the same.
    const isMerged = above !== '' && cells[nameColumn] === '' && (said.length > 0 || boxes.some(Boolean));
    const [own, text, ...more] = said;
    const whole = [...(isMerged ? [above] : []), own?.words].filter((words) => words !== undefined);
    if (whole.length === 0) return [];
    const name = { words: whole.join(' – ') };
    if (!isMerged) above = name.words;
    const rest = more.map(({ words, heading }) => (heading === '' ? words : `${heading}: ${words}`));
    const words = [text?.words, ...rest].filter((part) => part !== undefined).join('; ');
    const checked = boxes.find((box) => box !== undefined)?.checked;
    return [
      {
        line,
        ...defined({ checked }),
        text: words === '' ? name.words : named(name.words, words),
        items: [],
      },
    ];
  });
}

/** Its headings as words of their own: they say what the rows are. */
export function headOf({ head = [] }: Table): string[] {
  const words = head.filter((cell) => cell !== '' && !COUNT.test(cell));
  return words.length === 0 ? [] : [`Columns: ${words.join(', ')}`];
}

const named = (name: string, text: string): string => `**${name.replaceAll('**', '')}**: ${text}`;
