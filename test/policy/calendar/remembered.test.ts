/** What zones and windows remember of days they were asked for is what they would say anew: against the plain arithmetic. */

import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { describe, expect, it } from 'vitest';
import {
  nextOpen,
  type Opening,
  openingAt,
  openings,
  type Window,
  windowLength,
} from '../../../src/policy/calendar/windows.ts';
import { instantOf, wallOf } from '../../../src/policy/calendar/zone.ts';
import { DAYS } from '../../../src/terms/hours.ts';
import { DAY, MINUTE } from '../../../src/time.ts';

const ZONES = Intl.supportedValuesOf('timeZone');

/** Every offset asked of the zone itself, every day of every window walked again. */
const plain = {
  offsetAt: (zone: string, at: number): number => IANAZone.create(zone).offset(at) * MINUTE,

  instantOf(wall: number, zone: string): number {
    const before = plain.offsetAt(zone, wall - DAY);
    const after = plain.offsetAt(zone, wall + DAY);
    const [first] = [wall - before, wall - after]
      .filter((at) => at + plain.offsetAt(zone, at) === wall)
      .sort((a, b) => a - b);
    if (first !== undefined) return first;
    let low = wall - after;
    let high = wall - before;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (plain.offsetAt(zone, middle) === after) high = middle;
      else low = middle;
    }
    return high;
  },

  openingsOf(window: Window, from: number, to: number): Opening[] {
    const { timeZone, days } = window;
    const found: Opening[] = [];
    const end = to + plain.offsetAt(timeZone, to);
    const first = Math.floor((from + plain.offsetAt(timeZone, from)) / DAY) * DAY;
    for (let day = first; day <= end; day += DAY) {
      if (!days.includes(DAYS[(new Date(day).getUTCDay() + 6) % 7] ?? 'mon')) continue;
      const opens = plain.instantOf(day + window.from * MINUTE, timeZone);
      const closes = plain.instantOf(day + window.from * MINUTE + windowLength(window), timeZone);
      if (closes > opens) found.push({ names: [window.name], from: opens, to: closes });
    }
    return found;
  },

  openings(windows: readonly Window[], from: number, to: number): Opening[] {
    const all = windows.flatMap((window) => plain.openingsOf(window, from - 2 * DAY, to + 2 * DAY));
    const joined: Opening[] = [];
    for (const opening of all.sort((a, b) => a.from - b.from)) {
      const last = joined.at(-1);
      if (last === undefined || opening.from > last.to) joined.push({ ...opening });
      else {
        joined[joined.length - 1] = {
          names: [...new Set([...last.names, ...opening.names])],
          from: last.from,
          to: Math.max(last.to, opening.to),
        };
      }
    }
    return joined.filter((opening) => opening.to > from && opening.from < to);
  },

  nextOpen(windows: readonly Window[], from: number, needed: number) {
    for (const opening of plain.openings(windows, from, from + 22 * DAY)) {
      const last = Math.min(opening.to - needed, opening.to - 1);
      const at = Math.max(from, opening.from);
      if (at <= last) return { at, last, opening };
    }
    return undefined;
  },
};

/** Around the changes of the clocks as often as anywhere else. */
const anyInstant = fc.oneof(
  fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(2040, 0) }),
  fc
    .tuple(fc.constantFrom(...ZONES), fc.integer({ min: 1975, max: 2037 }), fc.integer({ min: -90, max: 90 }))
    .map(([zone, year, minutes]) => changeIn(zone, year) + minutes * MINUTE),
);

/** A change of the zone's clocks in that year, or its beginning. */
function changeIn(zone: string, year: number): number {
  let low = Date.UTC(year, 0);
  let high = Date.UTC(year, 6);
  const first = plain.offsetAt(zone, low);
  if (plain.offsetAt(zone, high) === first) return low;
  while (high - low > MINUTE) {
    const middle = Math.floor((low + high) / 2);
    if (plain.offsetAt(zone, middle) === first) low = middle;
    else high = middle;
  }
  return high;
}

/** Few of them, so that what is asked for was asked for before. */
const WINDOWS: fc.Arbitrary<Window> = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c'),
    days: fc.subarray([...DAYS], { minLength: 1 }),
    from: fc.integer({ min: 0, max: 1439 }),
    to: fc.integer({ min: 0, max: 1440 }),
    timeZone: fc.constantFrom(...ZONES),
  })
  .filter(({ from, to }) => from !== to);

describe('What is remembered', () => {
  it('WN-1: of a zone is its offset at every instant, in every zone and over every change of the clocks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), anyInstant, (zone, at) => {
        expect(wallOf(at, zone) - at).toBe(plain.offsetAt(zone, at));
        expect(instantOf(at, zone)).toBe(plain.instantOf(at, zone));
      }),
      { numRuns: 3_000 },
    );
  });

  it('WN-1: of a window is what it opens for, however often and in whatever order it is asked', () => {
    fc.assert(
      fc.property(
        fc.array(WINDOWS, { minLength: 1, maxLength: 3 }),
        anyInstant,
        fc.array(fc.integer({ min: -30 * 24 * 60, max: 30 * 24 * 60 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 600 }),
        (windows, start, moves, needed) => {
          for (const at of moves.map((minutes) => start + minutes * MINUTE)) {
            expect(nextOpen(windows, at, needed * MINUTE)).toEqual(
              plain.nextOpen(windows, at, needed * MINUTE),
            );
            expect(openings(windows, at, at + 3 * DAY)).toEqual(plain.openings(windows, at, at + 3 * DAY));
            expect(openingAt(windows, at)).toEqual(
              plain.openings(windows, at, at + 1).find(({ from, to }) => from <= at && at < to),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
