/** What windows, freezes, locks and others on their way make of a request, a wake-up and a start. */

import { describe, expect, it } from 'vitest';
import { decide } from '../../src/deployment/decide.ts';
import type { Facts } from '../../src/deployment/intents.ts';
import { nextWake, questions } from '../../src/deployment/next-wake.ts';
import { type Calendar, NO_CALENDAR } from '../../src/policy/calendar/blockers.ts';
import type { Freeze } from '../../src/policy/calendar/freezes.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { clock, dana, envelope, facts, inShort, omar, request, ruth, T0, TOM, tom } from './builders.ts';
import { type Point, worldAt } from './world.ts';

/** T0 is a Monday at 10:00 UTC. */
const FREEZE: Freeze = {
  id: 'F-1',
  reason: 'audit',
  from: T0,
  until: T0 + DAY,
  overrides: ['tech_lead'],
  by: TOM,
};
const freezes: Calendar = { ...NO_CALENDAR, freezes: [FREEZE] };
const locks: Calendar = {
  ...NO_CALENDAR,
  locks: [{ id: 'L-1', service: 'checkout', holder: TOM, reason: 'load test', from: T0, until: T0 + HOUR }],
};
const windows: Calendar = {
  ...NO_CALENDAR,
  windows: [{ name: 'Office', days: ['tue'], from: 9 * 60, to: 17 * 60, timeZone: 'UTC' }],
  windowOverrides: ['operations'],
};
const short: Calendar = {
  ...NO_CALENDAR,
  windows: [{ name: 'Office', days: ['tue'], from: 9 * 60, to: 10 * 60, timeZone: 'UTC' }],
};
const conflicts: Calendar = {
  ...NO_CALENDAR,
  conflicts: [{ id: 'D-7', service: 'payments', environment: 'production', version: 'v9.4.0', lead: TOM }],
};

describe('A request', () => {
  const at = (start: number) => request({ envelope: envelope({ start: { kind: 'at', at: start } }) });

  it.each<{ what: string; asked: ReturnType<typeof request>; calendar: Calendar; says: string }>([
    { what: 'WN-3: at a time in a freeze', asked: at(T0 + HOUR), calendar: freezes, says: 'refused frozen' },
    {
      what: 'WN-3: at the end of a freeze',
      asked: at(T0 + DAY),
      calendar: freezes,
      says: 'accepted requested',
    },
    {
      what: 'WN-3: when ready, in a freeze',
      asked: request(),
      calendar: freezes,
      says: 'accepted requested start_delayed',
    },
    {
      what: 'WN-1: outside every window',
      asked: at(T0 + HOUR),
      calendar: windows,
      says: 'refused window_closed',
    },
    {
      what: 'WN-1: at the last start',
      asked: at(T0 + 29 * HOUR + 15 * MINUTE),
      calendar: windows,
      says: 'accepted requested',
    },
    {
      what: 'WN-1: after the last start',
      asked: at(T0 + 29 * HOUR + 15 * MINUTE + 1),
      calendar: windows,
      says: 'refused window_closed',
    },
    {
      what: 'WN-1: when ready, before a window',
      asked: request(),
      calendar: windows,
      says: 'accepted requested',
    },
    {
      what: 'WN-1: when ready, and no window is long enough',
      asked: request(),
      calendar: short,
      says: 'refused window_closed',
    },
    {
      what: "WN-4: when ready, under another's lock",
      asked: request(),
      calendar: locks,
      says: 'refused locked',
    },
    {
      what: 'WN-4: at a time after the lock',
      asked: at(T0 + HOUR),
      calendar: locks,
      says: 'accepted requested',
    },
    {
      what: 'WN-2: while what it needs is on its way',
      asked: request(),
      calendar: conflicts,
      says: 'accepted requested',
    },
  ])('$what is $says', ({ asked, calendar, says }) => {
    expect(inShort(decide(undefined, asked, facts(ruth, { calendar })))).toBe(says);
  });

  it('WN-4: is not refused for the lock of who asks for it or leads it', () => {
    const [lock] = locks.locks;
    for (const holder of [
      { id: 'U-RUTH', name: 'Ruth' },
      { id: 'U-DANA', name: 'Dana' },
    ]) {
      const calendar = { ...locks, locks: lock ? [{ ...lock, holder }] : [] };
      expect(inShort(decide(undefined, request(), facts(ruth, { calendar })))).toBe('accepted requested');
    }
  });

  it('WN-3: may be given other words while its own time lies in a freeze that came later', () => {
    const world = worldAt('preparing', { envelope: envelope({ start: { kind: 'at', at: T0 + HOUR } }) });
    const revise = (start: number) => ({
      kind: 'revise' as const,
      terms: {
        envelope: envelope({ start: { kind: 'at', at: start } }),
        details: { ...world.d.terms.details, summary: 'other words' },
      },
    });
    expect(inShort(world.ask(revise(T0 + HOUR), ruth, { calendar: freezes }))).toMatch(/^accepted revised/);
    expect(inShort(world.ask(revise(T0 + 2 * HOUR), ruth, { calendar: freezes }))).toBe('refused frozen');
  });
});

describe('A deployment that is due', () => {
  const told = (calendar: Calendar): Partial<Facts> => ({ calendar });

  it.each([
    ['WN-3: freeze', freezes, T0 + DAY],
    ['WN-1: closed window', windows, T0 + 23 * HOUR],
    ['WN-4: lock', locks, T0 + HOUR],
    ['WN-2: conflict', conflicts, undefined],
  ])('%s: waits, says so once, and asks the backend nothing meanwhile', (_what, calendar, until) => {
    const world = worldAt('scheduled');
    const observed = {
      kind: 'observed' as const,
      observation: { at: T0, stable: 'v2.0.4', canary: null, weight: 0, health: 'passing' as const },
    };
    expect(inShort(world.tell(observed, clock, told(calendar)))).toBe('accepted start_delayed');
    expect(world.d).toMatchObject({ status: 'scheduled' });
    expect(world.d.start.waiting?.until).toBe(until);
    expect(inShort(world.tell({ kind: 'wake' }, clock, told(calendar)))).toBe('unchanged');
    expect(questions(world.d, T0)).toEqual([]);
    expect(nextWake(world.d)).toBe(until ?? T0 + world.d.terms.safeguards.expireAfter + HOUR);
    expect(inShort(world.tell({ kind: 'wake' }, clock, told(NO_CALENDAR)))).toBe('accepted start_cleared');
    expect(nextWake(world.d)).toBe(T0);
    expect(inShort(world.tell(observed, clock, told(NO_CALENDAR)))).toBe('accepted started step_started');
    expect(world.d.start.waiting).toBeUndefined();
  });

  it('WN-3: is not given up while it waits for an end that is known', () => {
    const world = worldAt('scheduled');
    world.tell({ kind: 'wake' }, clock, told(freezes));
    world.pass(DAY - 1);
    expect(inShort(world.tell({ kind: 'wake' }, clock, told(freezes)))).toBe('unchanged');
    world.pass(HOUR + 1);
    expect(inShort(world.tell({ kind: 'wake' }, clock, told(NO_CALENDAR)))).toBe('accepted expired');
  });
});

describe('An override', () => {
  const override = { kind: 'override' as const, reason: 'Customers cannot pay.' };

  it.each([
    ['a named role', tom, freezes, 'accepted calendar_overridden start_cleared'],
    ['a role that is not named', omar, freezes, 'refused not_allowed + attempt_refused'],
    ['the lead without the role', dana, freezes, 'refused not_allowed + attempt_refused'],
    ['the role of the window', omar, windows, 'accepted calendar_overridden start_cleared'],
    ['a named role, of a lock', tom, locks, 'refused wrong_status'],
    ['a named role, of nothing', tom, NO_CALENDAR, 'refused wrong_status'],
    ['the clock', clock, freezes, 'refused not_allowed'],
  ])('WN-3: by %s', (_who, actor, calendar, says) => {
    const world = worldAt('scheduled');
    world.tell({ kind: 'wake' }, clock, { calendar });
    expect(inShort(world.tell(override, actor, { calendar }))).toBe(says);
  });

  it('WN-3: leaves a freeze that is declared afterwards standing', () => {
    const world = worldAt('scheduled');
    world.tell({ kind: 'wake' }, clock, { calendar: freezes });
    world.tell(override, tom, { calendar: freezes });
    const more = { ...freezes, freezes: [FREEZE, { ...FREEZE, id: 'F-2' }] };
    expect(inShort(world.tell({ kind: 'wake' }, clock, { calendar: more }))).toBe('accepted start_delayed');
    expect(world.d.start.waiting?.for.map(({ key }) => key)).toEqual(['freeze:F-2']);
  });

  it('WN-1: of a closed window counts for the start it was given for, and of a freeze as long as that stands', () => {
    const both = { ...windows, freezes: [{ ...FREEZE, overrides: ['operations'] }] };
    const world = worldAt('scheduled');
    world.tell({ kind: 'wake' }, clock, { calendar: both });
    world.tell(override, omar, { calendar: both });
    expect(world.d.start.overridden.flatMap(({ keys }) => keys)).toEqual(['freeze:F-1', 'window']);
    const later = (start: number) => ({
      kind: 'revise' as const,
      terms: { envelope: envelope({ start: { kind: 'at', at: start } }), details: world.d.terms.details },
    });
    expect(inShort(world.ask(later(T0 + 3 * HOUR), ruth, { calendar: both }))).toBe('refused window_closed');
    world.tell(later(T0 + 24 * HOUR), ruth, { calendar: both });
    expect(world.d.start.overridden.flatMap(({ keys }) => keys)).toEqual(['freeze:F-1']);
  });

  it.each<Point>(['watching', 'rolling_back', 'handed_over', 'cancelled'])(
    'is refused when it is %s',
    (point) => {
      expect(inShort(worldAt(point).ask(override, tom, { calendar: freezes }))).toBe('refused wrong_status');
    },
  );
});

it('RB-1: nothing in the calendar is asked before a rollback, a hold or a promotion', () => {
  const all = { ...freezes, locks: locks.locks, conflicts: conflicts.conflicts };
  const world = () => worldAt('watching');
  expect(inShort(world().ask({ kind: 'hold', reason: 'x' }, dana, { calendar: all }))).toBe('accepted held');
  expect(
    inShort(world().ask({ kind: 'promote', stage: 1, reason: 'It looks well.' }, dana, { calendar: all })),
  ).toMatch(/^accepted promoted/);
  expect(inShort(world().ask({ kind: 'roll_back', why: 'x' }, dana, { calendar: all }))).toBe(
    'accepted rollback_started',
  );
});
