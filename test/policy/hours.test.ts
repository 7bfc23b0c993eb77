/** Hours of people: what can be read, what cannot, and who is there over every change of the clocks. */

import { describe, expect, it } from 'vitest';
import { isWithin, parseHours } from '../../src/policy/hours.ts';
import type { Instant } from '../../src/time.ts';

const utc = (text: string): Instant => Date.parse(`${text}:00Z`);
const BERLIN = 'Europe/Berlin';
const hours = (text: string, zone = BERLIN) => {
  const read = parseHours(text, zone);
  if (read === undefined) throw new Error(`${text} cannot be read`);
  return read;
};

describe('WN-5: hours', () => {
  it.each([
    ['Mon–Fri 09:00–17:00', ['mon', 'tue', 'wed', 'thu', 'fri'], 540, 1020],
    ['mon-fri 09:00-17:00', ['mon', 'tue', 'wed', 'thu', 'fri'], 540, 1020],
    ['Mon – Wed  09:00 – 17:00', ['mon', 'tue', 'wed'], 540, 1020],
    ['Sat, Mon 08:30–12:00', ['mon', 'sat'], 510, 720],
    ['Fri–Mon 22:00–06:00', ['mon', 'fri', 'sat', 'sun'], 1320, 360],
    ['Mon–Wed, Fri 09:00–24:00', ['mon', 'tue', 'wed', 'fri'], 540, 1440],
    ['daily 08:00–20:00', ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], 480, 1200],
    ['24 h', ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], 0, 1440],
    ['24h', ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], 0, 1440],
    ['24/7', ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], 0, 1440],
  ])('reads %s', (text, days, from, to) => {
    expect(parseHours(text, BERLIN)).toEqual({ days, from, to, timeZone: BERLIN });
  });

  it.each([
    '',
    'always',
    '09:00–17:00',
    'Mon–Fri',
    'Mon–Fri 9–17',
    'Mon–Fri 09:00',
    'Mon–Fri 09:00–09:00',
    'Mon–Fri 24:00–06:00',
    'Mon–Fri 09:60–17:00',
    'Mon–Fri 25:00–26:00',
    'Mon–Wed–Fri 09:00–17:00',
    'Montag 09:00–17:00',
    'Mon,, Fri 09:00–17:00',
    '25 h',
  ])('does not guess at %s', (text) => {
    expect(parseHours(text, BERLIN)).toBeUndefined();
  });

  // 2026-03-29 02:00 → 03:00 and 2026-10-25 03:00 → 02:00 in Berlin; both are Sundays.
  it.each([
    ['Mon–Fri 09:00–17:00', '2026-03-27T08:00', true, 'the first minute in winter'],
    ['Mon–Fri 09:00–17:00', '2026-03-27T07:59', false, 'the minute before'],
    ['Mon–Fri 09:00–17:00', '2026-03-27T15:59', true, 'the last minute'],
    ['Mon–Fri 09:00–17:00', '2026-03-27T16:00', false, 'the end'],
    ['Mon–Fri 09:00–17:00', '2026-03-30T07:00', true, 'the same morning in summer'],
    ['Mon–Fri 09:00–17:00', '2026-03-30T06:59', false, 'the minute before in summer'],
    ['Mon–Fri 09:00–17:00', '2026-03-28T10:00', false, 'a Saturday'],
    ['Sun 02:30–04:00', '2026-03-29T01:00', true, 'an opening that the clocks skip begins with the skip'],
    ['Sun 02:30–04:00', '2026-03-29T00:59', false, 'and not before'],
    ['Sun 02:00–03:00', '2026-10-25T00:30', true, 'the first of two half past twos'],
    ['Sun 02:00–03:00', '2026-10-25T01:30', true, 'and the second'],
    ['Sat 22:00–06:00', '2026-10-25T04:59', true, 'a night that is an hour longer'],
    ['Sat 22:00–06:00', '2026-10-25T05:00', false, 'and its end'],
    ['24 h', '2026-03-29T01:00', true, 'the hour that is skipped'],
    ['24 h', '2026-10-25T01:30', true, 'the hour that comes twice'],
  ])('DST: %s at %s UTC is %s: %s', (text, at, there) => {
    expect(isWithin(hours(text), utc(at))).toBe(there);
  });

  it('are on the wall of the person’s own zone', () => {
    expect(isWithin(hours('Mon–Fri 09:00–17:00', 'America/New_York'), utc('2026-01-05T09:00'))).toBe(false);
    expect(isWithin(hours('Mon–Fri 09:00–17:00', 'America/New_York'), utc('2026-01-05T14:00'))).toBe(true);
  });
});
