/** Durations as people write them in YAML: "30m", "1h 30m", "7d". */

import { DAY, type Duration, HOUR, MINUTE, SECOND } from '../time.ts';

const UNITS: Record<string, Duration> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** Largest unit first, each at most once; at least one of them. */
export const DURATION_PATTERN = /^(?=\d)(?:(?:\d+d)?(?: ?\d+h)?(?: ?\d+m)?(?: ?\d+s)?)$/;

/** Settings of which no time at all says something: never. */
export const MAY_BE_NO_TIME: ReadonlySet<string> = new Set(['all_clear_after', 'review_within']);

/** Milliseconds; throws a RangeError for text that `DURATION_PATTERN` refuses. */
export function parseDuration(text: string): Duration {
  if (!DURATION_PATTERN.test(text)) throw new RangeError(`not a duration: ${text}`);
  let sum = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)([dhms])/g)) {
    sum += Number(digits) * (UNITS[unit ?? ''] ?? 0);
  }
  return sum;
}
