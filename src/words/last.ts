/** A stretch of time that ends now, at the end of what was said: `checkout 90 days`, `production in the last 2 weeks`. */

import type { Duration } from '../time.ts';
import { MAX_TIME_WORDS, readSpan } from './span.ts';
import { isCourtesy, saidBy, wordsOf } from './word.ts';

/** `last week` is one week. */
const SINGLE = new Set(['hour', 'day', 'week']);
const LEADS = new Set(['for', 'in', 'of', 'over', 'within', 'since', 'the', 'last', 'past', 'previous']);

/** What stands before it; all of it where there is none. */
export function readLast(text: string): { span?: Duration; rest: string } {
  const words = wordsOf(text).filter((word) => !isCourtesy(word));
  for (let first = Math.max(0, words.length - MAX_TIME_WORDS); first < words.length; first += 1) {
    const said = words.slice(first).map(({ lower }) => lower);
    const span = readSpan(said.length === 1 && SINGLE.has(said[0] ?? '') ? `1 ${said[0]}` : said.join(' '));
    if (span === undefined) continue;
    let end = first;
    while (end > 0 && LEADS.has(words[end - 1]?.lower ?? '')) end -= 1;
    return { span, rest: saidBy(words.slice(0, end)) };
  }
  return { rest: saidBy(words) };
}
