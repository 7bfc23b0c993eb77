/** Lengths of time in words: `2h`, `1h 30m`, `90 minutes`, `half an hour`. */

import { DAY, type Duration, HOUR, MINUTE, SECOND } from '../time.ts';

const UNITS: Readonly<Record<string, Duration>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
const PART =
  /(\d{1,6}(?:[.,]\d{1,2})?)\s*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])\s*/g;

const NUMBERS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const NUMBER = new RegExp(`\\b(?:${NUMBERS.join('|')})\\b`, 'g');

/** Nobody says a time in more characters; looking for one in a long text keeps everybody waiting (OP-9). */
export const MAX_TIME_LENGTH = 120;
/** Nor in more words. */
export const MAX_TIME_WORDS = 16;

/** Undefined where it is nothing of the kind, or no time at all. */
export function readSpan(text: string): Duration | undefined {
  if (text.length > MAX_TIME_LENGTH) return undefined;
  const plain = text
    .toLowerCase()
    .replace(/[.!]+$/, '')
    .replace(/\bhalf an? hour\b/g, '30m')
    .replace(/\ban? hour and a half\b/g, '90m')
    .replace(NUMBER, (word) => String(NUMBERS.indexOf(word) + 1))
    .replace(/\ban?\s+(?=[a-z])/g, '1 ')
    .replace(/\band\b/g, ' ')
    .trim();
  const sum = [...plain.matchAll(PART)].reduce(
    (all, [, number = '', unit = '']) => all + Number(number.replace(',', '.')) * (UNITS[unit[0] ?? ''] ?? 0),
    0,
  );
  return plain.replace(PART, '').trim() === '' && sum > 0 ? Math.round(sum) : undefined;
}
