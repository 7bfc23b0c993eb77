/** What stands in the way of a start, for how long, and where the way is free again. */

import { describe, expect, it } from 'vitest';
import {
  blockersAt,
  type Calendar,
  type Candidate,
  clearsAt,
  NO_CALENDAR,
  nextStart,
} from '../../../src/policy/calendar/blockers.ts';
import type { Freeze } from '../../../src/policy/calendar/freezes.ts';
import type { Lock } from '../../../src/policy/calendar/locks.ts';
import type { Window } from '../../../src/policy/calendar/windows.ts';
import { DAYS } from '../../../src/terms/hours.ts';
import { DAY, HOUR, MINUTE, withMoments } from '../../../src/time.ts';

/** Monday. */
const T0 = Date.UTC(2026, 0, 5, 10);
const TOM = { id: 'U-TOM', name: 'Tom' };
const DANA = { id: 'U-DANA', name: 'Dana' };

const candidate: Candidate = {
  service: 'checkout',
  environment: 'production',
  needed: { rollout: 90 * MINUTE, rollback: 15 * MINUTE },
  people: [DANA.id],
  overridden: [],
};
const freeze = (change: Partial<Freeze> = {}): Freeze => ({
  id: 'F-1',
  reason: 'year end',
  from: T0,
  until: T0 + DAY,
  overrides: ['tech_lead'],
  by: TOM,
  ...change,
});
const lock = (change: Partial<Lock> = {}): Lock => ({
  id: 'L-1',
  service: 'checkout',
  holder: TOM,
  reason: 'load test',
  from: T0,
  until: T0 + HOUR,
  ...change,
});
const office: Window = {
  name: 'Office',
  days: DAYS.slice(0, 4),
  from: 14 * 60,
  to: 16 * 60,
  timeZone: 'UTC',
};
const calendar = (change: Partial<Calendar>): Calendar => ({ ...NO_CALENDAR, ...change });
const said = (change: Partial<Calendar>, at = T0, about: Partial<Candidate> = {}): string[] =>
  blockersAt(calendar(change), { ...candidate, ...about }, at).map(({ says }) =>
    withMoments(says, (moment) => new Date(moment).toISOString().slice(5, 16)),
  );

describe('Nothing', () => {
  it('stands in the way where the calendar is empty', () => {
    expect(said({})).toEqual([]);
    expect(nextStart(NO_CALENDAR, candidate, T0)).toBe(T0);
  });
});

describe('A freeze', () => {
  it.each<{ what: string; change: Partial<Freeze>; says: string[] }>([
    {
      what: 'of everything',
      change: {},
      says: ['everything is frozen by Tom until 01-06T10:00 ("year end")'],
    },
    {
      what: 'of the service',
      change: { services: ['checkout'] },
      says: ['checkout is frozen by Tom until 01-06T10:00 ("year end")'],
    },
    {
      what: 'of the place among others',
      change: { services: ['search', 'checkout'], environments: ['production'] },
      says: ['search and checkout in production are frozen by Tom until 01-06T10:00 ("year end")'],
    },
    { what: 'of another service', change: { services: ['search'] }, says: [] },
    { what: 'of another environment', change: { environments: ['staging'] }, says: [] },
    { what: 'that begins later', change: { from: T0 + 1 }, says: [] },
    { what: 'that ends now', change: { until: T0 }, says: [] },
  ])('WN-3: $what', ({ change, says }) => {
    expect(said({ freezes: [freeze(change)] })).toEqual(says);
  });

  it('WN-3: that was overridden stands no more, and only that one', () => {
    const freezes = [freeze(), freeze({ id: 'F-2', reason: 'audit' })];
    expect(said({ freezes }, T0, { overridden: ['freeze:F-1'] })).toEqual([expect.stringContaining('audit')]);
  });

  it('WN-3: overlapping another is over when both are', () => {
    const freezes = [
      freeze({ until: T0 + 2 * HOUR }),
      freeze({ id: 'F-2', from: T0 + HOUR, until: T0 + 3 * HOUR }),
    ];
    expect(clearsAt(blockersAt(calendar({ freezes }), candidate, T0 + HOUR))).toBe(T0 + 3 * HOUR);
    expect(nextStart(calendar({ freezes }), candidate, T0)).toBe(T0 + 3 * HOUR);
  });
});

describe('A lock', () => {
  it('WN-4: names its holder, its end and its reason', () => {
    expect(said({ locks: [lock()] })).toEqual(['checkout is locked by Tom until 01-05T11:00 ("load test")']);
    expect(said({ locks: [lock({ environment: 'production' })] })[0]).toContain('checkout in production is');
  });

  it.each<[string, Partial<Lock>, number]>([
    ['of another service', { service: 'search' }, T0],
    ['of another environment', { environment: 'staging' }, T0],
    ['of who leads it or asked for it', { holder: DANA }, T0],
    ['that has ended', {}, T0 + HOUR],
  ])('WN-4: %s does not stand in the way', (_what, change, at) => {
    expect(said({ locks: [lock(change)] }, at)).toEqual([]);
  });
});

describe('A window', () => {
  it('WN-1: that is closed names the next one', () => {
    expect(said({ windows: [office] })).toEqual([
      'checkout in production is outside its deployment windows. The next one is open from 01-05T14:00 to 01-05T16:00',
    ]);
  });

  it('WN-1: that closes too soon says what it takes', () => {
    expect(said({ windows: [office] }, T0 + 5 * HOUR)).toEqual([
      'Office closes 01-05T16:00, too soon: it takes 1 h 30 min and a rollback 15 min. The next one is open from 01-06T14:00 to 01-06T16:00',
    ]);
  });

  it('WN-1: that is never long enough has no end', () => {
    const [blocker] = blockersAt(
      calendar({ windows: [office] }),
      { ...candidate, needed: { rollout: 2 * HOUR, rollback: MINUTE } },
      T0 + 4 * HOUR,
    );
    expect(blocker?.says).toContain('No window of checkout in production is long enough');
    expect(blocker && clearsAt([blocker])).toBeUndefined();
  });
});

describe('A conflict', () => {
  it('WN-2: names the other deployment, and time alone does not clear it', () => {
    const conflicts = [
      { id: 'D-7', service: 'payments', environment: 'production', version: 'v9.4.0', lead: TOM },
    ];
    const blockers = blockersAt(calendar({ conflicts, locks: [lock()] }), candidate, T0);
    expect(blockers.map(({ key }) => key)).toEqual(['lock:L-1', 'conflict:D-7']);
    expect(blockers[1]?.says).toBe(
      'payments v9.4.0 is on its way in production (D-7, lead Tom), and checkout is tied to payments',
    );
    expect(clearsAt(blockers)).toBeUndefined();
  });
});

describe('The next start', () => {
  it('WN-1: is after every freeze, in a window, and free of locks', () => {
    const mixed = calendar({
      windows: [office],
      freezes: [freeze()],
      locks: [lock({ from: T0, until: T0 + 28 * HOUR + 10 * MINUTE })],
    });
    expect(nextStart(mixed, candidate, T0)).toBe(T0 + 28 * HOUR + 10 * MINUTE);
    expect(nextStart(calendar({ windows: [office], freezes: [freeze()] }), candidate, T0)).toBe(
      T0 + 28 * HOUR,
    );
  });
});
