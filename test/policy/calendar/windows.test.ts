/** Windows that come again each week: over changes of the clocks, past the date line, and never too late to go back. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nextOpen,
  openingAt,
  openings,
  type Window,
  windowsAt,
} from '../../../src/policy/calendar/windows.ts';
import { instantOf, isZone } from '../../../src/policy/calendar/zone.ts';
import { DAYS } from '../../../src/terms/hours.ts';
import { DAY, HOUR, MINUTE } from '../../../src/time.ts';

const hours = (text: string): number => {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 60 + minute;
};

function window(from: string, to: string, change: Partial<Window> = {}): Window {
  return {
    name: 'Night',
    days: [...DAYS],
    from: hours(from),
    to: hours(to),
    timeZone: 'UTC',
    ...change,
  };
}

const iso = (text: string): number => Date.parse(text);
const shown = (windows: Window[], from: string, to: string): string[] =>
  openings(windows, iso(from), iso(to)).map(
    (opening) => `${new Date(opening.from).toISOString()} ${(opening.to - opening.from) / MINUTE} min`,
  );

describe('A window', () => {
  it('WN-1: opens on its days, at its time, in its zone', () => {
    const office = window('09:00', '17:00', { days: ['mon', 'tue'], timeZone: 'Europe/Berlin' });
    expect(shown([office], '2026-01-04T00:00Z', '2026-01-12T00:00Z')).toEqual([
      '2026-01-05T08:00:00.000Z 480 min',
      '2026-01-06T08:00:00.000Z 480 min',
    ]);
  });

  it('WN-1: that ends before it begins lasts into the next day', () => {
    const night = window('22:00', '02:00', { days: ['sun'] });
    expect(shown([night], '2026-01-05T01:00Z', '2026-01-06T00:00Z')).toEqual([
      '2026-01-04T22:00:00.000Z 240 min',
    ]);
  });

  it.each([
    // Spring: 02:00 becomes 03:00. A time that no clock shows is the moment of the change.
    ['Europe/Berlin', '01:00', '04:00', '2026-03-29', '2026-03-29T00:00:00.000Z 120 min'],
    ['Europe/Berlin', '02:30', '04:00', '2026-03-29', '2026-03-29T01:00:00.000Z 60 min'],
    ['Europe/Berlin', '02:15', '02:45', '2026-03-29', undefined],
    // Autumn: 03:00 becomes 02:00. A time that clocks show twice is the first of the two.
    ['Europe/Berlin', '01:00', '04:00', '2026-10-25', '2026-10-24T23:00:00.000Z 240 min'],
    ['Europe/Berlin', '02:15', '02:45', '2026-10-25', '2026-10-25T00:15:00.000Z 30 min'],
    ['America/New_York', '01:30', '05:00', '2026-03-08', '2026-03-08T06:30:00.000Z 150 min'],
    ['America/New_York', '02:30', '03:30', '2026-03-08', '2026-03-08T07:00:00.000Z 30 min'],
    ['America/New_York', '00:30', '02:30', '2026-11-01', '2026-11-01T04:30:00.000Z 180 min'],
    // Half an hour there: 02:00 becomes 02:30, and in autumn 02:00 becomes 01:30.
    ['Australia/Lord_Howe', '01:00', '03:00', '2026-10-04', '2026-10-03T14:30:00.000Z 90 min'],
    ['Australia/Lord_Howe', '02:15', '03:00', '2026-10-04', '2026-10-03T15:30:00.000Z 30 min'],
    ['Australia/Lord_Howe', '01:00', '03:00', '2026-04-05', '2026-04-04T14:00:00.000Z 150 min'],
    ['Pacific/Kiritimati', '09:00', '10:00', '2026-01-05', '2026-01-04T19:00:00.000Z 60 min'],
    // Samoa skipped the whole of 30 December 2011.
    ['Pacific/Apia', '09:00', '10:00', '2011-12-29', '2011-12-29T19:00:00.000Z 60 min'],
    ['Pacific/Apia', '09:00', '10:00', '2011-12-30', undefined],
    ['Pacific/Apia', '09:00', '10:00', '2011-12-31', '2011-12-30T19:00:00.000Z 60 min'],
  ] as const)(
    'WN-1: in %s from %s to %s on %s is right to the minute',
    (timeZone, from, to, date, expected) => {
      const day = DAYS[(new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7] ?? 'mon';
      const one = window(from, to, { timeZone, days: [day] });
      const middle = iso(`${date}T00:00Z`);
      const near = shown([one], new Date(middle - DAY).toISOString(), new Date(middle + DAY).toISOString());
      expect(near).toEqual(expected === undefined ? [] : [expected]);
    },
  );

  it('WN-1: that touches another is one opening with it', () => {
    const windows = [window('09:00', '12:00', { name: 'a' }), window('12:00', '15:00', { name: 'b' })];
    expect(openingAt(windows, iso('2026-01-05T12:00Z'))).toEqual({
      names: ['a', 'b'],
      from: iso('2026-01-05T09:00Z'),
      to: iso('2026-01-05T15:00Z'),
    });
  });

  it('WN-1: is of the services and environments that it names', () => {
    const windows = [
      window('09:00', '10:00', { name: 'all' }),
      window('09:00', '10:00', { name: 'pay', services: ['payments'], environments: ['production'] }),
    ];
    const names = (service: string, environment: string) =>
      windowsAt(windows, { service, environment }).map(({ name }) => name);
    expect(names('checkout', 'production')).toEqual(['all']);
    expect(names('payments', 'production')).toEqual(['all', 'pay']);
    expect(names('payments', 'staging')).toEqual(['all']);
  });
});

describe('The next start', () => {
  const two = [window('14:00', '16:00')];
  const from = (time: string, needed: number) => {
    const next = nextOpen(two, iso(`2026-01-05T${time}Z`), needed);
    return next && [new Date(next.at).toISOString(), new Date(next.last).toISOString()];
  };

  it('WN-1: is at once while enough of the window is left, up to its last start and not after', () => {
    const last = '2026-01-05T15:00:00.000Z';
    expect(from('14:30', HOUR)).toEqual(['2026-01-05T14:30:00.000Z', last]);
    expect(from('15:00', HOUR)).toEqual([last, last]);
    expect(from('15:01', HOUR)?.[0]).toBe('2026-01-06T14:00:00.000Z');
  });

  it('WN-1: is never where the window is too short', () => {
    expect(from('14:00', 2 * HOUR)?.[0]).toBe('2026-01-05T14:00:00.000Z');
    expect(from('14:00', 2 * HOUR + 1)).toBeUndefined();
  });

  it('WN-1: is not before it is asked for, lies in a window with time enough, and nothing sooner would do', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia'];
    expect(zones.every(isZone)).toBe(true);
    const anyWindow = fc
      .record({
        days: fc.subarray([...DAYS], { minLength: 1 }),
        from: fc.integer({ min: 0, max: 1439 }),
        to: fc.integer({ min: 0, max: 1440 }),
        timeZone: fc.constantFrom(...zones),
      })
      .filter((one) => one.from !== one.to)
      .map((one): Window => ({ name: 'w', ...one }));
    const start = iso('2026-03-01T00:00Z');
    fc.assert(
      fc.property(
        fc.array(anyWindow, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 250 * 24 * 60 }).map((minutes) => start + minutes * MINUTE),
        fc.integer({ min: 0, max: 300 }).map((minutes) => minutes * MINUTE),
        (windows, asked, needed) => {
          const next = nextOpen(windows, asked, needed);
          if (next === undefined) return;
          expect(next.at).toBeGreaterThanOrEqual(asked);
          const fits = (at: number): boolean => {
            const open = openingAt(windows, at);
            return open !== undefined && at + needed <= open.to;
          };
          expect(fits(next.at)).toBe(true);
          for (let part = 0; part < 20 && asked < next.at; part += 1) {
            expect(fits(asked + Math.floor(((next.at - asked - 1) * part) / 20))).toBe(false);
          }
          if (asked < next.at) expect(fits(next.at - 1)).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('reads the wall clock of a zone back as it was written, where the clock shows it once', () => {
    const zone = 'Europe/Berlin';
    expect(instantOf(iso('2026-07-01T12:00Z'), zone)).toBe(iso('2026-07-01T10:00Z'));
    expect(instantOf(iso('2026-01-01T12:00Z'), zone)).toBe(iso('2026-01-01T11:00Z'));
  });
});
