/** A table with a heading row; times in it are drawn in the reader's own zone. */

import type { RichTextBlock, TableBlock } from '@slack/types';
import { type Instant, SECOND } from '../src/time.ts';
import { oneLine, truncate, utc } from './text.ts';

/** More rows than this are left to a narrower question. */
export const MAX_ANSWER_ROWS = 20;

/** Text as it is, or an instant. */
export type Cell = string | { at: Instant };

/** Cells longer than `most` are cut. */
export function table(headings: readonly string[], rows: readonly Cell[][], most = 80): TableBlock {
  return {
    type: 'table',
    column_settings: headings.map(() => ({ align: 'left', is_wrapped: true })),
    rows: [
      headings.map((heading) => text(heading, 80)),
      ...rows.map((row) => row.map((cell) => (typeof cell === 'string' ? text(cell, most) : date(cell.at)))),
    ],
  };
}

function text(words: string, most: number): { type: 'raw_text'; text: string } {
  return { type: 'raw_text', text: truncate(oneLine(words), most) || '—' };
}

function date(at: Instant): RichTextBlock {
  const timestamp = Math.floor(at / SECOND);
  const element = {
    type: 'date' as const,
    timestamp,
    format: '{date_short_pretty} {time}',
    fallback: utc(at),
  };
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] };
}
