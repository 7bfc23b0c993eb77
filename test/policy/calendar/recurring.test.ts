/** Freezes that come again each week: how they are written, and when they stand (WN-3). */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standsAt } from '../../../src/policy/calendar/freezes.ts';
import {
  parseWeekly,
  plannedFreezes,
  type RecurringFreeze,
  weeklyLength,
} from '../../../src/policy/calendar/recurring.ts';
import { wallOf } from '../../../src/policy/calendar/zone.ts';
import { DAYS } from '../../../src/terms/hours.ts';
import { DAY, HOUR, MINUTE } from '../../../src/time.ts';

const ZONE = 'Europe/Berlin';
const weekend = (timeZone = ZONE): RecurringFreeze => ({
  id: 'policy:1',
  reason: 'Weekend',
  overrides: [],
  timeZone,
  day: 'fri',
  from: 720,
  last: 'mon',
  to: 360,
});

describe('WN-3: a freeze of every week', () => {
  it.each([
    ['every Friday 12:00 – Monday 06:00', { day: 'fri', from: 720, last: 'mon', to: 360 }],
    ['Fri 12:00-Mon 6:00', { day: 'fri', from: 720, last: 'mon', to: 360 }],
    ['every sunday 22:00 to 23:30', { day: 'sun', from: 1320, last: 'sun', to: 1410 }],
    ['sat 00:00 – sun 24:00', { day: 'sat', from: 0, last: 'sun', to: 1440 }],
    ['Fri 12:00', undefined],
    ['every day 12:00 – 13:00', undefined],
    ['Fri 12:00 – 11:00', undefined],
    ['Fri 25:00 – Mon 06:00', undefined],
    ['Fri 12:60 – Mon 06:00', undefined],
    ['f 12:00 – m 06:00', undefined],
  ])('%s', (text, weekly) => {
    expect(parseWeekly(text)).toEqual(weekly);
  });

  it('stands from its hour to its hour, whatever the clocks do in between', () => {
    const [first, second] = plannedFreezes(
      { freezes: [], recurring: [weekend()] },
      Date.UTC(2026, 2, 25),
      Date.UTC(2026, 3, 8),
    );
    // The clocks go forward on 29 March.
    expect(first).toEqual({
      id: 'policy:1@2026-03-27',
      reason: 'Weekend',
      overrides: [],
      from: Date.UTC(2026, 2, 27, 11),
      until: Date.UTC(2026, 2, 30, 4),
    });
    expect(second).toMatchObject({ from: Date.UTC(2026, 3, 3, 10), until: Date.UTC(2026, 3, 6, 4) });
  });

  it('at every instant, stands where the wall of its zone shows a time between its ends, and nowhere else', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) }),
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'),
        (at, zone) => {
          const planned = plannedFreezes({ freezes: [], recurring: [weekend(zone)] }, at, at + 1);
          const wall = wallOf(at, zone);
          const day = DAYS[(((Math.floor(wall / DAY) + 3) % 7) + 7) % 7];
          const minute = (wall - Math.floor(wall / DAY) * DAY) / MINUTE;
          const inside =
            day === 'sat' ||
            day === 'sun' ||
            (day === 'fri' && minute >= 720) ||
            (day === 'mon' && minute < 360);
          expect(planned.some((freeze) => standsAt(freeze, at))).toBe(inside);
        },
      ),
    );
  });

  it('those that ended are left out, and one that stands now is there', () => {
    const at = Date.UTC(2026, 0, 10, 12);
    const planned = plannedFreezes({ freezes: [], recurring: [weekend()] }, at, at + 14 * DAY);
    expect(planned.map(({ id }) => id)).toEqual([
      'policy:1@2026-01-09',
      'policy:1@2026-01-16',
      'policy:1@2026-01-23',
    ]);
    expect(weeklyLength(weekend())).toBe(2 * DAY + 18 * HOUR);
  });
});
