/** What people type about times and places: `checkout production until tomorrow 9am because …`. */

import { DAY, type Duration, HOUR, type Instant, MINUTE } from '../src/time.ts';
import { readTime } from '../src/words/moment.ts';

export interface CalendarWords {
  /** Names of services and environments, as typed, in small letters. */
  names: string[];
  from?: Instant;
  until?: Instant;
  reason: string;
  /** Words that should be a time and are none. */
  unread?: string;
}

const BECAUSE = /(?:^|\s)because(?:\s|$)/i;
const WHEN = /(?:^|\s)(from|until|till|for)\s+/i;
const FILLERS = new Set(['in', 'on', 'of', 'and', 'to', 'the', 'at']);

/** Times are read in the person's zone (`zone`, IANA). */
export function readCalendarWords(text: string, zone: string, now: Instant): CalendarWords {
  const [head = '', ...because] = text.split(BECAUSE);
  const [places = '', ...times] = head.trim().split(WHEN);
  const words: CalendarWords = {
    names: places
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((word) => word !== '' && !FILLERS.has(word)),
    reason: because.join(' because ').trim(),
  };
  for (let index = 0; index + 1 < times.length; index += 2) {
    const [kind = '', said = ''] = [times[index]?.toLowerCase(), times[index + 1]?.trim()];
    const at = kind === 'for' ? after(readDuration(said), words.from ?? now) : readTime(said, zone, now);
    if (at === undefined) words.unread ??= said;
    else if (kind === 'from') words.from = at;
    else words.until = at;
  }
  return words;
}

const after = (length: Duration | undefined, from: Instant): Instant | undefined =>
  length === undefined ? undefined : from + length;

const UNITS: Record<string, Duration> = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** `2h`, `1h 30m`, `90 minutes`, `an hour`; undefined where it is nothing of the kind, or no time at all. */
export function readDuration(text: string): Duration | undefined {
  const plain = text
    .toLowerCase()
    .replace(/\b(an?|one)\s+(?=[a-z])/g, '1 ')
    .replace(/\band\b/g, ' ');
  const parts = [
    ...plain.matchAll(/(\d{1,5}(?:\.\d)?)\s*(m|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?)\b\s*/g),
  ];
  const read = parts.map(([all]) => all).join('');
  if (parts.length === 0 || read.trim() !== plain.trim().replace(/\s{2,}/g, ' ')) return undefined;
  const sum = parts.reduce(
    (all, [, number, unit = '']) => all + Number(number) * (UNITS[unit[0] ?? ''] ?? 0),
    0,
  );
  return sum > 0 ? sum : undefined;
}
