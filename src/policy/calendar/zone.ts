/** Wall clocks and instants: when a clock on the wall of a zone shows a time, over every change of the clocks. */

import { IANAZone } from 'luxon';
import { DAY, type Duration, type Instant, MINUTE } from '../../time.ts';

/** What a wall clock shows, as if it were UTC: arithmetic on it never meets a change of the clocks. */
export type Wall = number;

export function isZone(zone: string): boolean {
  return IANAZone.isValidZone(zone);
}

export function wallOf(at: Instant, zone: string): Wall {
  return at + offsetAt(zone, at);
}

/**
 * The first instant at which the wall clock shows this time. Where it skips the time, the instant of the skip; where
 * it shows the time twice, the first of the two.
 */
export function instantOf(wall: Wall, zone: string): Instant {
  // No zone is further than 14 h from UTC: a day on either side is certainly before and after.
  const before = offsetAt(zone, wall - DAY);
  const after = offsetAt(zone, wall + DAY);
  const [first] = [wall - before, wall - after]
    .filter((at) => at + offsetAt(zone, at) === wall)
    .sort((a, b) => a - b);
  return first ?? changeBetween(zone, wall - after, wall - before, after);
}

/** Offsets at the midnights (UTC) around what was asked for: asking a zone formats a date, a thousand times the price. */
const midnights = new Map<string, Map<number, Duration>>();
/** Some years of days; a zone is asked anew past that. */
const MAX_DAYS = 2_000;

/** No zone changed its clocks twice between two midnights: where both show the same, so does all between them. */
function offsetAt(zone: string, at: Instant): Duration {
  const day = Math.floor(at / DAY);
  const known = midnightsOf(zone);
  const before = atMidnight(zone, known, day);
  return before === atMidnight(zone, known, day + 1) ? before : asked(zone, at);
}

function midnightsOf(zone: string): Map<number, Duration> {
  const known = midnights.get(zone);
  if (known !== undefined && known.size <= MAX_DAYS) return known;
  const fresh = new Map<number, Duration>();
  midnights.set(zone, fresh);
  return fresh;
}

function atMidnight(zone: string, known: Map<number, Duration>, day: number): Duration {
  const offset = known.get(day);
  if (offset !== undefined) return offset;
  const fresh = asked(zone, day * DAY);
  known.set(day, fresh);
  return fresh;
}

function asked(zone: string, at: Instant): Duration {
  return IANAZone.create(zone).offset(at) * MINUTE;
}

/** The first instant of the later offset, found by halves. */
function changeBetween(zone: string, from: Instant, to: Instant, later: Duration): Instant {
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === later) high = middle;
    else low = middle;
  }
  return high;
}
