/** A rollout that takes longer than planned: when it warns, when it escalates, and what moves its end (WN-6). */

import { describe, expect, it } from 'vitest';
import { isTimeDeciding, nextWake } from '../../src/deployment/next-wake.ts';
import { react } from '../../src/deployment/react.ts';
import { nextOverrun, plannedEnd } from '../../src/deployment/rollout/overrun.ts';
import { rolloutOf } from '../../src/deployment/rollout/progress.ts';
import { NO_CALENDAR } from '../../src/policy/calendar/blockers.ts';
import type { Contact } from '../../src/terms/contacts.ts';
import { distinctPeople } from '../../src/terms/person.ts';
import type { Safeguards } from '../../src/terms/safeguards.ts';
import { type Duration, HOUR, MINUTE } from '../../src/time.ts';
import { overrunNote } from '../../views/overrun-words.ts';
import { backend, DANA, dana, inShort, OMAR, type RequestChange, RUTH, safeguards, TOM } from './builders.ts';
import { observed, type Point, type World, worldAt } from './world.ts';

/** The plan of the builders is watched for 1 h 30 min. */
const PLAN = 90 * MINUTE;
const GRACE = 15 * MINUTE;
const THEN = 30 * MINUTE;

const watched = (overrun: NonNullable<Safeguards['overrun']> = { grace: GRACE, escalateAfter: THEN }) => ({
  safeguards: safeguards({ overrun }),
});

function worldWith(point: Point, change: RequestChange = watched()): World {
  const world = worldAt(point, change);
  world.now = Math.max(world.now, world.d.rollout?.startedAt ?? 0);
  return world;
}

/** What waking it says, so long after its start. */
function wokenAfter(world: World, time: Duration): string {
  world.now = (world.d.rollout?.startedAt ?? Number.NaN) + time;
  return inShort(world.wake());
}

const levels = (world: World): string[] =>
  world.events.flatMap((event) => (event.type === 'overran' ? [event.level] : []));

describe('WN-6: a rollout that takes longer than planned', () => {
  it.each<[Point, Safeguards['overrun'], Duration]>([
    ['shifting', { grace: GRACE, escalateAfter: THEN }, PLAN + GRACE],
    ['watching', { grace: GRACE, escalateAfter: THEN }, PLAN + GRACE],
    ['held shifting', { grace: GRACE, escalateAfter: THEN }, PLAN + GRACE],
    ['held watching', { grace: GRACE, escalateAfter: THEN }, PLAN + GRACE],
    ['held verifying', { grace: GRACE, escalateAfter: THEN }, PLAN + GRACE],
    ['verifying', { grace: GRACE, escalateAfter: THEN }, PLAN + GRACE],
    ['watching', { within: HOUR, grace: GRACE, escalateAfter: THEN }, HOUR],
    ['watching', { within: 3 * HOUR, grace: GRACE, escalateAfter: THEN }, 3 * HOUR],
    ['watching', { grace: 0, escalateAfter: THEN }, PLAN],
  ])('%s, with %j, warns after %i ms and not a moment before', (point, overrun, after) => {
    const world = worldWith(point, watched(overrun));
    expect(wokenAfter(world, after - 1)).toBe('unchanged');
    expect(isTimeDeciding(world.d, world.now)).toBe(false);
    expect(isTimeDeciding(world.d, world.now + 1)).toBe(true);
    expect(wokenAfter(world, after)).toBe('accepted overran');
    expect(world.events.at(-1)).toMatchObject({ level: 'warned' });
    expect(wokenAfter(world, after + THEN - 1)).toBe('unchanged');
    expect(wokenAfter(world, after + THEN)).toBe('accepted overran');
    expect(world.events.at(-1)).toMatchObject({ level: 'escalated' });
    expect(nextOverrun(world.d)).toBeUndefined();
    expect(wokenAfter(world, after + 100 * THEN)).toBe('unchanged');
  });

  it('changes no status and commands nothing: a rollback is never triggered by it', () => {
    for (const point of ['watching', 'held watching', 'verifying'] as const) {
      const world = worldWith(point);
      const { status } = world.d;
      wokenAfter(world, 10 * HOUR);
      expect(world.d.status).toBe(status);
      const effects = world.done
        .filter(({ event }) => event.type === 'overran')
        .flatMap((one) => one.effects);
      expect(effects.every(({ kind }) => kind === 'show')).toBe(true);
    }
  });

  it('where nobody was there to be told of the first in time, tells all of them at once, and nobody twice', () => {
    const contacts: Contact[] = [
      { role: 'escalation', person: DANA },
      { role: 'escalation', person: RUTH },
      { role: 'escalation', person: RUTH },
    ];
    const world = worldWith('held watching', { ...watched(), contacts });
    expect(wokenAfter(world, 10 * HOUR)).toBe('accepted overran');
    const event = world.events.at(-1);
    if (event?.type !== 'overran') throw new Error('not told');
    const { lead, onCall } = world.d.terms.details;
    expect(event).toMatchObject({ level: 'escalated', to: distinctPeople([lead, onCall, RUTH]) });
    const words = overrunNote(world.d, event);
    for (const { id } of event.to ?? []) expect(words.split(`<@${id}>`)).toHaveLength(2);
    expect(wokenAfter(world, 100 * HOUR)).toBe('unchanged');
  });

  it('warns and never escalates where the policy names no time for it', () => {
    const world = worldWith('held watching', watched({ grace: GRACE }));
    expect(wokenAfter(world, 10 * HOUR)).toBe('accepted overran');
    expect(nextOverrun(world.d)).toBeUndefined();
  });

  it.each<Point>([
    'preparing',
    'scheduled',
    'observing',
    'rolling_back',
    'rolled_back',
    'handed_over',
    'failed',
  ])('says nothing while it is %s', (point) => {
    const world = worldAt(point, watched());
    expect(nextOverrun(world.d)).toBeUndefined();
  });

  it('says nothing about records from before it was watched', () => {
    const world = worldWith('held watching', {});
    expect(plannedEnd(world.d)).toBeUndefined();
    expect(wokenAfter(world, 10 * HOUR)).toBe('unchanged');
    const due = nextWake(world.d) ?? 0;
    expect(due).toBeLessThan((world.d.rollout?.startedAt ?? 0) + 10 * HOUR);
  });

  it('has its end moved by a person who extends a stage, once more each time', () => {
    const world = worldWith('watching');
    world.tell({ kind: 'extend', by: 30 * MINUTE }, dana);
    world.tell({ kind: 'extend', by: HOUR }, dana);
    expect(plannedEnd(world.d)?.at).toBe((world.d.rollout?.startedAt ?? 0) + PLAN + 90 * MINUTE);
    expect(wokenAfter(world, PLAN + 90 * MINUTE + GRACE - 1)).toBe('unchanged');
    expect(wokenAfter(world, PLAN + 90 * MINUTE + GRACE)).toBe('accepted overran');
  });

  it('has its end moved by no hold', () => {
    const world = worldWith('watching');
    world.tell({ kind: 'hold', reason: 'lunch' }, dana);
    world.pass(HOUR);
    world.tell({ kind: 'resume', reason: 'It looks well.' }, dana);
    expect(plannedEnd(world.d)?.at).toBe((world.d.rollout?.startedAt ?? 0) + PLAN);
    expect(wokenAfter(world, PLAN + GRACE)).toBe('accepted overran');
  });

  it('is warned once, and escalates later where it is extended after the warning', () => {
    const world = worldWith('watching');
    wokenAfter(world, PLAN + GRACE);
    world.tell({ kind: 'extend', by: HOUR }, dana);
    expect(wokenAfter(world, PLAN + HOUR + GRACE + THEN - 1)).toBe('unchanged');
    expect(wokenAfter(world, PLAN + HOUR + GRACE + THEN)).toBe('accepted overran');
    expect(levels(world)).toEqual(['warned', 'escalated']);
  });

  it.each<{ what: string; closes: Duration; due: Duration; because: string }>([
    { what: 'before the plan', closes: HOUR, due: HOUR, because: 'window' },
    { what: 'in the grace', closes: PLAN + 5 * MINUTE, due: PLAN + 5 * MINUTE, because: 'window' },
    { what: 'after the grace', closes: PLAN + HOUR, due: PLAN + GRACE, because: 'plan' },
  ])('WN-1: takes the end of its window where that comes $what', ({ closes, due, because }) => {
    const world = worldAt('scheduled', watched());
    const from = world.now;
    // T0 is a Monday at 10:00 UTC; the window closes so long after the start.
    const calendar = { ...NO_CALENDAR, windows: [windowUntil(from + closes)] };
    // It is past its last start by now, and may start in spite of that: its key is overridden for the test of the end.
    world.tell(observed(world.now), backend, {
      calendar: { ...calendar, windows: [windowUntil(from + 9 * HOUR)] },
    });
    expect(world.d.rollout?.windowUntil).toBe(from + 9 * HOUR);
    world.state = {
      ...world.d,
      rollout: { ...rolloutOf(world.d), windowUntil: rolloutOf(world.d).startedAt + closes },
    };
    expect(wokenAfter(world, due - 1)).toBe('unchanged');
    expect(wokenAfter(world, due)).toBe('accepted overran');
    expect(world.events.at(-1)).toMatchObject({ because, level: 'warned' });
  });

  it('WN-3: has no window’s end where it starts in spite of its windows', () => {
    const world = worldAt('scheduled', watched());
    const calendar = { ...NO_CALENDAR, windows: [windowUntil(world.now + 9 * HOUR)] };
    world.state = {
      ...world.d,
      start: { ...world.d.start, overridden: [{ keys: ['window'], reason: 'now', by: TOM, at: world.now }] },
    };
    world.tell(observed(world.now), backend, { calendar });
    expect(world.d.status).toBe('rolling_out');
    expect(world.d.rollout?.windowUntil).toBeUndefined();
  });

  it.each<{ what: string; change: RequestChange; to: string[] }>([
    {
      what: 'its escalation contact',
      change: { contacts: [{ role: 'escalation', person: RUTH }] },
      to: ['Ruth'],
    },
    {
      what: 'whoever is told of missing sign-offs',
      change: {
        approval: {
          when: 'before',
          leadTime: 0,
          workdays: { timeZone: 'UTC', holidays: [] },
          escalateTo: { role: 'operations', name: 'Operations', people: [OMAR, TOM] },
        },
      },
      to: ['Omar', 'Tom'],
    },
    {
      what: 'its lead',
      change: { contacts: [{ role: 'on_call', person: OMAR } satisfies Contact] },
      to: ['Dana'],
    },
  ])('escalates to $what, and to the channel', ({ change, to }) => {
    const world = worldWith('held watching', { ...watched(), ...change });
    wokenAfter(world, PLAN + GRACE);
    wokenAfter(world, PLAN + GRACE + THEN);
    const event = world.events.at(-1);
    if (event?.type !== 'overran') throw new Error('not escalated');
    expect(event.to?.map(({ name }) => name)).toEqual(to);
    const notes = react(world.d, event).flatMap((effect) =>
      effect.kind === 'show' && effect.message.kind === 'note' ? [effect.message.broadcast] : [],
    );
    expect(notes).toEqual([true]);
  });
});

function windowUntil(at: number) {
  const end = new Date(at);
  const minutes = end.getUTCHours() * 60 + end.getUTCMinutes() + end.getUTCSeconds() / 60;
  return { name: 'Monday', days: ['mon' as const], from: 0, to: minutes, timeZone: 'UTC' };
}
