/** Two times with a dash or "and" between them, in the words that say the same: `tomorrow 9–17`, `between 9:00 and 17:00`. */

import { type Asked, readMoment } from './moment.ts';
import { MAX_TIME_WORDS } from './span.ts';
import { saidBy, wordsOf } from './word.ts';

const CLOCK = String.raw`\d{1,2}(?::\d\d)?\s?(?:am|pm)?`;
const RANGE = new RegExp(String.raw`(?<!\S)(?:from\s+)?(${CLOCK})\s*[-–—]\s*(${CLOCK})(?!\S)`, 'i');
const BETWEEN = /(?<!\S)between\s+(\S.*?)\s+and\s+(?=\S)/i;

/** `from tomorrow 9:00 until 17:00`; text that holds no such range stays as it is. */
export function withRange(text: string, asked: Asked): string {
  const said = text.replace(BETWEEN, 'from $1 until ');
  const found = RANGE.exec(said);
  if (found === null) return said;
  const [range, begins = '', ends = ''] = found;
  const before = wordsOf(said.slice(0, found.index));
  const after = saidBy(wordsOf(said.slice(found.index + range.length)));
  const isDay = (words: string): boolean => {
    const read = readMoment(words, asked);
    return read.ok && read.dayEnds !== undefined;
  };
  const earliest = Math.max(1, before.length - MAX_TIME_WORDS);
  const first = before.findIndex((_, index) => index >= earliest && isDay(saidBy(before.slice(index))));
  const [names, day] = first < 0 ? [before, ''] : [before.slice(0, first), saidBy(before.slice(first))];
  const isDayAfter = day === '' && isDay(after);
  const on = isDayAfter ? after : day;
  return `${saidBy(names)} from ${on} ${hour(begins)} until ${hour(ends)} ${isDayAfter ? '' : after}`
    .replace(/\s+/g, ' ')
    .trim();
}

const hour = (said: string): string => (/^\d{1,2}$/.test(said) ? `${said}:00` : said);
