/** Times and lengths that people type: whose zone, asked when, and what it means or how it is refused. */

import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { readMoment } from '../../src/words/moment.ts';
import { readPeriod } from '../../src/words/period.ts';
import { readSpan } from '../../src/words/span.ts';

const BERLIN = 'Europe/Berlin';
const LONDON = 'Europe/London';
const NEW_YORK = 'America/New_York';
/** A Friday. */
const NOW = '2026-11-27T10:00';

const inZone = (wall: string, zone: string): number => DateTime.fromISO(wall, { zone }).toMillis();

/** On the wall of whoever asks, the offset with it; a day alone is marked as such. */
function meant(said: string, zone: string, now: string): string {
  const read = readMoment(said, { zone, now: inZone(now, zone) });
  if (!read.ok) return read.problem;
  const at = DateTime.fromMillis(read.at, { zone }).toFormat('yyyy-MM-dd HH:mm ZZ');
  return `${at}${read.dayEnds === undefined ? '' : ' all day'}${read.note === undefined ? '' : ` · ${read.note}`}`;
}

describe('K-1: a time is read in the zone of whoever types it', () => {
  it.for<[string, string, string, string]>([
    ['at 14:00', BERLIN, NOW, '2026-11-27 14:00 +01:00'],
    ['14:00', NEW_YORK, NOW, '2026-11-27 14:00 -05:00'],
    ['at 9:00', BERLIN, NOW, '2026-11-28 09:00 +01:00'],
    ['at 9.30', BERLIN, NOW, '2026-11-28 09:30 +01:00'],
    ['2pm', BERLIN, NOW, '2026-11-27 14:00 +01:00'],
    ['tomorrow 9am', BERLIN, NOW, '2026-11-28 09:00 +01:00'],
    ['tomorrow at 9:15,', BERLIN, NOW, '2026-11-28 09:15 +01:00'],
    ['monday 9:00', BERLIN, NOW, '2026-11-30 09:00 +01:00'],
    ['on Monday at 9:00', BERLIN, NOW, '2026-11-30 09:00 +01:00'],
    ['at noon', BERLIN, NOW, '2026-11-27 12:00 +01:00'],
    ['in 35 minutes', BERLIN, NOW, '2026-11-27 10:35 +01:00'],
    ['in an hour', BERLIN, NOW, '2026-11-27 11:00 +01:00'],
    ['in 1h 30m', BERLIN, NOW, '2026-11-27 11:30 +01:00'],
    ['2 hours from now', BERLIN, NOW, '2026-11-27 12:00 +01:00'],
    ['2026-12-01 14:00', BERLIN, NOW, '2026-12-01 14:00 +01:00'],
    ['2026-12-01T14:00Z', BERLIN, NOW, '2026-12-01 15:00 +01:00'],
    ['14:00 UTC', BERLIN, NOW, '2026-11-27 15:00 +01:00'],
    ['14:00 Asia/Kolkata tomorrow', BERLIN, NOW, '2026-11-28 09:30 +01:00'],
    ['“14:00”', BERLIN, NOW, '2026-11-27 14:00 +01:00'],
    ['1 December 14:00', BERLIN, NOW, '2026-12-01 14:00 +01:00'],
    ['14:00 🚀', BERLIN, NOW, '2026-11-27 14:00 +01:00'],
    ['14:00 :rocket: :+1::skin-tone-2:', BERLIN, NOW, '2026-11-27 14:00 +01:00'],
    ['tomorrow 9am, pls', BERLIN, NOW, '2026-11-28 09:00 +01:00'],
    ['next friday 9am thx!', BERLIN, NOW, '2026-12-04 09:00 +01:00'],
    ['14.00 Uhr', BERLIN, NOW, '2026-11-27 14:00 +01:00'],
    ['14：00', BERLIN, NOW, '2026-11-27 14:00 +01:00'],
    ['14:00 CET', NEW_YORK, NOW, '2026-11-28 08:00 -05:00'],
    ['14:00 CEST', BERLIN, NOW, '2026-11-27 13:00 +01:00'],
    ['14:00 +02:00', BERLIN, NOW, '2026-11-27 13:00 +01:00'],
    ['14:00 UTC+2', BERLIN, NOW, '2026-11-27 13:00 +01:00'],
    ['2026-12-01T14:00:00+05:30', BERLIN, NOW, '2026-12-01 09:30 +01:00'],
    ['midnight', BERLIN, NOW, '2026-11-28 00:00 +01:00'],
    ['12am', BERLIN, NOW, '2026-11-28 00:00 +01:00'],
    ['12pm', BERLIN, NOW, '2026-11-27 12:00 +01:00'],
    ['tonight at 8', BERLIN, NOW, '2026-11-27 20:00 +01:00'],
    ['9 o’clock', BERLIN, NOW, '2026-11-28 09:00 +01:00'],
    ['in two weeks', BERLIN, NOW, '2026-12-11 10:00 +01:00'],
    ['in 2h', BERLIN, NOW, '2026-11-27 12:00 +01:00'],
    ['in 1,5 h', BERLIN, NOW, '2026-11-27 11:30 +01:00'],
    ['Dec 1st 2pm', BERLIN, NOW, '2026-12-01 14:00 +01:00'],
  ])('%j in %s at %s is %s', ([said, zone, now, wanted]) => expect(meant(said, zone, now)).toBe(wanted));

  it.for<[string, string, string]>([
    ['04.01.2027 14:00', BERLIN, '2027-01-04 14:00 +01:00'],
    ['04.01.2027 14:00', NEW_YORK, '2027-01-04 14:00 -05:00'],
    ['4.1.27 14:00', BERLIN, '2027-01-04 14:00 +01:00'],
    ['4.1. 14:00', BERLIN, '2027-01-04 14:00 +01:00'],
    ['28.11. 14:00', BERLIN, '2026-11-28 14:00 +01:00'],
    ['04/01/2027 14:00', BERLIN, '2027-01-04 14:00 +01:00'],
    ['04/01/2027 14:00', LONDON, '2027-01-04 14:00 +00:00'],
    ['04-01-2027 14:00', BERLIN, '2027-01-04 14:00 +01:00'],
    ['12/25/2026 14:00', NEW_YORK, '2026-12-25 14:00 -05:00'],
    ['25/12/2026 14:00', NEW_YORK, '2026-12-25 14:00 -05:00'],
    ['12/12/2026 14:00', NEW_YORK, '2026-12-12 14:00 -05:00'],
    [
      '04/01/2027 14:00',
      NEW_YORK,
      '"04/01/2027" may be 4 January 2027 or 1 April 2027: write 2027-01-04 or 2027-04-01.',
    ],
    [
      '04/01/2027 14:00',
      'UTC',
      '"04/01/2027" may be 4 January 2027 or 1 April 2027: write 2027-01-04 or 2027-04-01.',
    ],
    ['31.02.2027 14:00', BERLIN, '"31.02.2027" is no day that there is.'],
    ['at 4.10', BERLIN, '"4.10" may be a day or a time: write 04:10, or a day such as 4.10.'],
  ])('%j in %s is %s', ([said, zone, wanted]) => expect(meant(said, zone, NOW)).toBe(wanted));

  it.for<[string, string]>([
    ['tomorrow', '2026-11-28 00:00 +01:00 all day'],
    ['24 December', '2026-12-24 00:00 +01:00 all day'],
    ['24.12.', '2026-12-24 00:00 +01:00 all day'],
    ['monday', '2026-11-30 00:00 +01:00 all day'],
  ])('%j is a whole day', ([said, wanted]) => expect(meant(said, BERLIN, NOW)).toBe(wanted));
});

describe('K-1: what is not understood of a time is never dropped', () => {
  it.for<[string, RegExp]>([
    ['whenever', /"whenever" is not understood as a time/],
    ['after lunch', /names no hour|not understood/],
    ['tomorrow morning', /names no hour/],
    ['tonight', /names no hour/],
    ['14:00 maybe', /"maybe" in "14:00 maybe" is not understood/],
    ['payments 14:00', /"payments" in "payments 14:00" is not understood/],
    ['14:00 or 15:00', /names more than one time/],
    ['14:00 IST', /IST is the name of several zones/],
    ['14:00 Europe/Nowhere', /There is no time zone Europe\/Nowhere/],
    ['Saturday 27 November 2026 14:00', /contradicts itself: 27 November 2026 is a Friday/],
    ['25:00', /not understood/],
    ['tomorrow 25:00', /"25:00" in "tomorrow 25:00" is not understood/],
    ['24:00', /not understood/],
    ['13pm', /not understood/],
    ['31 feb 14:00', /not understood/],
    ['next friday 9', /"9" in "next friday 9" is not understood/],
    ['9–17', /names more than one time/],
    ['between 14:00 and 16:00', /names more than one time/],
    ['after 14:00', /"after" in "after 14:00" is not understood/],
    ['EOD', /names no hour/],
    ['tomorrow EOD', /names no hour/],
    ['14h', /"14h" says how long, and not when: write in 14h, or a time such as 14:00/],
    ['30 minutes', /says how long, and not when/],
    ['last friday', /"last friday" is over/],
    ['yesterday 9:00', /is over/],
    ['3 days ago', /is over/],
    ['next week', /"next week" is more than one day: say which/],
    ['this weekend', /is more than one day/],
    ['in 90', /not understood/],
    ['in -2h', /not understood/],
    ['heute 14:00', /"heute" in "heute 14:00" is not understood/],
    ['tomorrow at 9am Berlin time', /"Berlin time" in .* is not understood/],
    ['14:00 europe/london', /"europe\/london" in .* is not understood/],
    ['now at 14:00', /names more than one time/],
    ['next window', /not understood/],
    ['1400', /not understood/],
    ['14 Uhr', /not understood/],
    ['half past two', /not understood/],
    ['day after tomorrow 9:00', /"day after" in .* is not understood/],
    ['tomorow 9am', /"tomorow" in "tomorow 9am" is not understood/],
    ['right now', /"right" in "right now" is not understood/],
    ['1e9', /not understood/],
    ['99:99', /not understood/],
    ['-1:00', /"-" in "-1:00" is not understood/],
    ['１４:00', /not understood/],
    ['🚀', /not understood/],
    ['', /not understood/],
  ])('%j: %s', ([said, wanted]) => expect(meant(said, BERLIN, NOW)).toMatch(wanted));

  it.for<[string, string, string, RegExp]>([
    [
      '02:30',
      BERLIN,
      '2026-10-24T20:00',
      /^2026-10-25 02:30 \+02:00 · The clocks show that time twice: the first is meant, 25 Oct 02:30 \(UTC\+02:00\)/,
    ],
    [
      '02:30',
      BERLIN,
      '2027-03-27T20:00',
      /^2027-03-28 03:00 \+02:00 · The clocks skip 02:30 that day: 28 Mar 03:00/,
    ],
    ['01:30', NEW_YORK, '2026-10-31T20:00', /^2026-11-01 01:30 -04:00 · The clocks show that time twice/],
    ['03:30', BERLIN, '2026-10-24T20:00', /^2026-10-25 03:30 \+01:00$/],
    ['25.10.2026', BERLIN, '2026-10-20T20:00', /^2026-10-25 00:00 \+02:00 all day$/],
  ])('where the clocks change, %j in %s at %s says which is meant', ([said, zone, now, wanted]) =>
    expect(meant(said, zone, now)).toMatch(wanted),
  );
});

describe('K-1: a length of time', () => {
  it.for<[string, number | undefined]>([
    ['2h', 2 * HOUR],
    ['1h 30m', 90 * MINUTE],
    ['1h30m', 90 * MINUTE],
    ['90 minutes', 90 * MINUTE],
    ['an hour', HOUR],
    ['half an hour', 30 * MINUTE],
    ['an hour and a half', 90 * MINUTE],
    ['1.5h', 90 * MINUTE],
    ['1,5 hours', 90 * MINUTE],
    ['two weeks', 14 * DAY],
    ['twelve hours', 12 * HOUR],
    ['thirteen hours', undefined],
    ['2h30', undefined],
    ['-1h', undefined],
    ['1e3h', undefined],
    ['∞', undefined],
    ['2 business days', undefined],
    ['1 week', 7 * DAY],
    ['2 months', undefined],
    ['0h', undefined],
    ['2h or so', undefined],
    ['2', undefined],
    ['', undefined],
  ])('%j is %s ms', ([said, wanted]) => expect(readSpan(said)).toBe(wanted));
});

function period(text: string): string {
  const zone = BERLIN;
  const { names, from, until, reason, problem } = readPeriod(text, { zone, now: inZone(NOW, zone) });
  if (problem !== undefined) return problem;
  const shown = (at: number | undefined): string =>
    at === undefined ? '…' : DateTime.fromMillis(at, { zone }).toFormat('MM-dd HH:mm');
  return `${names.map(({ bare }) => bare).join('+')} ${shown(from)}–${shown(until)} ${reason}`;
}

describe('WN-3: a freeze or a lock from when until when, and why', () => {
  it.for<[string, string | RegExp]>([
    ['checkout until tomorrow 9am because R&D', 'checkout …–11-28 09:00 R&D'],
    ['checkout production for 2h because x', 'checkout+production …–11-27 12:00 x'],
    ['checkout, payments until 12:00: the audit', 'checkout+payments …–11-27 12:00 the audit'],
    ['checkout for 2h — load test', 'checkout …–11-27 12:00 load test'],
    ['everything until friday because x', 'everything …–11-28 00:00 x'],
    ['everything until 24.12. because x', 'everything …–12-25 00:00 x'],
    ['everything from 24.12.2026 until 26.12.2026 because x', 'everything 12-24 00:00–12-27 00:00 x'],
    ['everything on 24 December because x', 'everything 12-24 00:00–12-25 00:00 x'],
    ['everything tomorrow because x', 'everything 11-28 00:00–11-29 00:00 x'],
    ['checkout from tomorrow 22:00 until 02:00 because x', 'checkout 11-28 22:00–11-29 02:00 x'],
    ['checkout from tomorrow 9am to 5pm because x', 'checkout 11-28 09:00–11-28 17:00 x'],
    ['checkout from tomorrow 9am for 2h because x', 'checkout 11-28 09:00–11-28 11:00 x'],
    ['checkout until 12:00 for 5h because x', /says until when twice/],
    ['checkout until 12:00 for 2h because x', 'checkout …–11-27 12:00 x'],
    ['checkout from 9am from 10am until 11:00 because x', /says from when twice/],
    ['checkout until 12:00 or so because x', /"or so" in "12:00 or so" is not understood/],
    ['checkout for a while because x', /"a while" is not understood as a length of time/],
    ['everything tomorrow 9–17 because x', 'everything 11-28 09:00–11-28 17:00 x'],
    ['everything 9-17 tomorrow: x', 'everything 11-28 09:00–11-28 17:00 x'],
    ['checkout 14:00 - 16:00 because x', 'checkout 11-27 14:00–11-27 16:00 x'],
    ['checkout 2pm–4pm — x', 'checkout 11-27 14:00–11-27 16:00 x'],
    ['checkout friday 22:00–02:00 because x', 'checkout 11-27 22:00–11-28 02:00 x'],
    ['checkout between 14:00 and 16:00 because x', 'checkout 11-27 14:00–11-27 16:00 x'],
    ['checkout from mon to fri because x', 'checkout 11-30 00:00–12-05 00:00 x'],
    ['checkout 2h because x', 'checkout …–11-27 12:00 x'],
    ['checkout production two hours because x', 'checkout+production …–11-27 12:00 x'],
    ['checkout pls until 14:00 🙏 because x 🙏', 'checkout …–11-27 14:00 x 🙏'],
    ['checkout :fire: until 14:00 because x', 'checkout …–11-27 14:00 x'],
    ['checkout until 14:00 – load test', 'checkout …–11-27 14:00 load test'],
    ['checkout until 14:00 - load test', 'checkout …–11-27 14:00 load test'],
    ['checkout until 14:00; load test', 'checkout …–11-27 14:00 load test'],
    ['checkout “until 14:00” because “x”', 'checkout …–11-27 14:00 “x”'],
    ['checkout until 14:00 CET because x', 'checkout …–11-27 14:00 x'],
    ['checkout until yesterday because x', /"yesterday" is over/],
    ['checkout from 9 to 17 because x', /"9" is not understood as a time/],
    ['checkout until EOD because x', /names no hour/],
    ['checkout until further notice because x', /"further notice" is not understood/],
    ['checkout mon-fri because x', /"mon-fri" is not understood: say from when until when/],
    ['checkout tomorrow 9am because x', /"tomorrow 9am" is not understood: say from when until when/],
    ['everything tomorrow 25:00 because x', /"tomorrow 25:00" is not understood/],
    ['everything this weekend because x', /"this weekend" is not understood/],
    ['everything every friday because x', /"every friday" is not understood: what comes again each week/],
    ['checkout for 2h load test', /"2h load test" is not understood as a length of time/],
    ['checkout dec 24 - dec 26 because x', 'checkout 12-24 00:00–12-27 00:00 x'],
    ['checkout 24.12. – 26.12. because x', 'checkout 12-24 00:00–12-27 00:00 x'],
    ['checkout from 24 December — 26 December: x', 'checkout 12-24 00:00–12-27 00:00 x'],
    ['checkout 2026-12-24 - 2026-12-26 because x', 'checkout 12-24 00:00–12-27 00:00 x'],
    ['checkout mon - fri because x', 'checkout 11-30 00:00–12-05 00:00 x'],
    ['everything tomorrow – monday: x', 'everything 11-28 00:00–12-01 00:00 x'],
    ['checkout friday - load test', 'checkout 11-27 00:00–11-28 00:00 load test'],
    ['checkout until 14:00 - monday release broke', 'checkout …–11-27 14:00 monday release broke'],
    ['checkout until friday – marketing launch', 'checkout …–11-28 00:00 marketing launch'],
    ['checkout dec 24-26 because x', /is not understood/],
    ['checkout over the weekend because x', /"weekend" is not understood/],
    ['checkout for 100 years because x', /"100 years" is not understood as a length of time/],
    ['checkout because it is due until 12:00', 'checkout …–… it is due until 12:00'],
  ])('%j: %s', ([text, wanted]) =>
    typeof wanted === 'string' ? expect(period(text)).toBe(wanted) : expect(period(text)).toMatch(wanted),
  );
});
