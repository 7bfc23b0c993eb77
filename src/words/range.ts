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

const DASH = /^(?:[-–—]|--)$/;
/** `24 December 2026` */
const MOST_WORDS_OF_A_DAY = 3;

/** `from Monday until Friday`, where days stand on both sides of a dash; anywhere else a dash leads to the reason. */
export function withDays(text: string, asked: Asked): string {
  const words = wordsOf(text);
  const dash = words.findIndex(({ said }) => DASH.test(said));
  if (dash < 2) return text;
  const isDay = (from: number, to: number): boolean => {
    const read = readMoment(saidBy(words.slice(from, to)).replace(/[:;]$/, ''), asked);
    return read.ok && read.dayEnds !== undefined;
  };
  const sizes = Array.from({ length: MOST_WORDS_OF_A_DAY }, (_, index) => MOST_WORDS_OF_A_DAY - index);
  const before = sizes.find((size) => dash - size >= 1 && isDay(dash - size, dash));
  const after = before && sizes.find((size) => isDay(dash + 1, dash + 1 + size));
  if (before === undefined || after === undefined) return text;
  const end = dash + 1 + after;
  const names = words.slice(0, dash - before);
  const isSaid = names.at(-1)?.lower === 'from';
  return [
    saidBy(isSaid ? names.slice(0, -1) : names),
    `from ${saidBy(words.slice(dash - before, dash))} until ${saidBy(words.slice(dash + 1, end))}`,
    saidBy(words.slice(end)),
  ].join(' ');
}

const hour = (said: string): string => (/^\d{1,2}$/.test(said) ? `${said}:00` : said);
