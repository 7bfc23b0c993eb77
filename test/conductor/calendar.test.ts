/** Waiting for the calendar: a deployment starts when nothing stands in its way, and not before. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Window } from '../../src/policy/calendar/windows.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { firstDue } from '../db/due.ts';
import { createRig, PEOPLE, type Rig } from './rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

/** Monday, 10:00 UTC; nothing to sign in staging, and nothing to watch. */
const QUICK = { strategy: 'all-at-once', environment: 'staging' };

const types = async (id: string): Promise<string[]> =>
  (await rig.stores.events.events(id)).map(({ type }) => type);
const status = async (id: string): Promise<Deployment['status']> => (await rig.load(id)).status;
const waitsFor = async (id: string): Promise<string[]> =>
  ((await rig.load(id)).start.waiting?.for ?? []).map(({ key }) => key);

async function freeze(until: number): Promise<string> {
  const now = rig.clock.now();
  const asked = { reason: 'audit', from: now, until, overrides: ['tech_lead'], by: PEOPLE.tom };
  const { id } = await rig.stores.calendar.freeze(asked, now);
  rig.conductor.calendarChanged();
  await rig.conductor.idle();
  return id;
}

async function lock(person = PEOPLE.tom, ending: string[] = []): Promise<string> {
  const now = rig.clock.now();
  const taken = await rig.stores.calendar.lock(
    { service: 'checkout', holder: person, reason: 'load test', from: now, until: now + 2 * HOUR },
    ending,
  );
  if (!taken.ok) throw new Error('in the way');
  rig.conductor.calendarChanged();
  await rig.conductor.idle();
  return taken.lock.id;
}

const AFTERNOON: Window = {
  name: 'Afternoon',
  days: ['mon', 'tue'],
  from: 14 * 60,
  to: 16 * 60,
  timeZone: 'UTC',
  services: ['checkout'],
};
const withWindow = (): void => {
  Object.assign(rig.policy, { calendar: { ...rig.policy.calendar, windows: [AFTERNOON] } });
};

describe('A deployment that may start as soon as it is ready', () => {
  it('WN-1: waits for its window, and starts when it opens', async () => {
    withWindow();
    const opens = Date.UTC(2026, 0, 5, 14);
    const { id } = await rig.request('v2.1.0', QUICK);
    await rig.pass(3 * HOUR);
    expect(await status(id)).toBe('scheduled');
    expect(await rig.load(id)).toMatchObject({
      start: { waiting: { until: opens, for: [{ kind: 'window' }] } },
    });
    await rig.pass(HOUR + 10 * SECOND);
    const started = await rig.load(id);
    expect((started.rollout?.startedAt ?? 0) - opens).toBeGreaterThanOrEqual(0);
    expect((started.rollout?.startedAt ?? 0) - opens).toBeLessThan(10 * SECOND);
    expect(started.start.waiting).toBeUndefined();
  });

  it('WN-1: does not begin what cannot end before the window does, and waits for the next', async () => {
    withWindow();
    rig.clock.advance(6 * HOUR - 10 * MINUTE);
    const { id } = await rig.request('v2.1.0', QUICK);
    await rig.pass(HOUR);
    expect((await rig.load(id)).start.waiting?.until).toBe(Date.UTC(2026, 0, 6, 14));
    await rig.pass(DAY);
    expect((await rig.load(id)).rollout?.startedAt).toBeGreaterThanOrEqual(Date.UTC(2026, 0, 6, 14));
  });

  it('WN-3: waits for the end of a freeze without looking in between', async () => {
    const until = rig.clock.now() + 3 * DAY;
    await freeze(until);
    const { id } = await rig.request('v2.1.0', QUICK);
    await rig.pass(2 * DAY);
    expect(await types(id)).toEqual(['requested', 'start_delayed', 'scheduled']);
    expect(await firstDue(rig.stores.events)).toBe(until);
    await rig.pass(DAY + 10 * SECOND);
    expect((await rig.load(id)).rollout?.startedAt).toBeGreaterThanOrEqual(until);
  });
});

describe('A deployment that is scheduled', () => {
  const inTwoHours = async () => {
    const at = rig.clock.now() + 2 * HOUR;
    return { at, id: (await rig.request('v2.1.0', { ...QUICK, at })).id };
  };

  it('WN-3: knows of a freeze as soon as it is declared, and of its end as soon as it is lifted', async () => {
    const { id, at } = await inTwoHours();
    await rig.pass(HOUR);
    const frozen = await freeze(rig.clock.now() + DAY);
    expect(await waitsFor(id)).toEqual([`freeze:${frozen}`]);
    expect(await status(id)).toBe('scheduled');
    await rig.pass(2 * HOUR);
    expect(await status(id)).toBe('scheduled');
    await rig.stores.calendar.lift(frozen, PEOPLE.tom, 'done', rig.clock.now());
    rig.conductor.calendarChanged();
    await rig.pass(10 * SECOND);
    expect((await rig.load(id)).rollout?.startedAt).toBeGreaterThan(at);
    expect(await types(id)).toContain('start_cleared');
  });

  it('WN-3: does not hear of a freeze that is over before it starts', async () => {
    const { id, at } = await inTwoHours();
    await freeze(at - MINUTE);
    expect(await waitsFor(id)).toEqual([]);
    await rig.pass(2 * HOUR + 10 * SECOND);
    expect((await rig.load(id)).rollout?.startedAt).toBeGreaterThanOrEqual(at);
  });

  it("WN-4: waits for somebody else's lock, and starts when its own people take it over", async () => {
    const { id, at } = await inTwoHours();
    await rig.pass(HOUR + 30 * MINUTE);
    const taken = await lock();
    await rig.pass(HOUR);
    expect(await waitsFor(id)).toEqual([`lock:${taken}`]);
    expect(await status(id)).toBe('scheduled');
    await lock(PEOPLE.dana, [taken]);
    await rig.pass(10 * SECOND);
    expect((await rig.load(id)).rollout?.startedAt).toBeGreaterThanOrEqual(at + 30 * MINUTE);
  });

  it('WN-3: starts in spite of a freeze when a named role says so and why, and only that freeze', async () => {
    const frozen = await freeze(rig.clock.now() + DAY);
    const { id } = await rig.request('v2.1.0', QUICK);
    const denied = await rig.does(PEOPLE.dana, id, { kind: 'override', reason: 'Money.' });
    expect(denied).toMatchObject({
      kind: 'refused',
      code: 'not_allowed',
      message: expect.stringContaining('tech_lead'),
    });
    expect(await rig.does(PEOPLE.tom, id, { kind: 'override', reason: ' ' })).toMatchObject({
      code: 'reason_needed',
    });
    await rig.does(PEOPLE.tom, id, { kind: 'override', reason: 'Customers cannot pay.' });
    await rig.pass(10 * SECOND);
    expect((await rig.load(id)).rollout?.startedAt).toBeDefined();
    const events = await rig.stores.events.events(id);
    expect(events.find(({ type }) => type === 'calendar_overridden')).toMatchObject({
      keys: [`freeze:${frozen}`],
      reason: 'Customers cannot pay.',
      by: { name: 'Tom' },
    });
    expect(await types(id)).toContain('attempt_refused');
  });

  it('never waits on its way back: a freeze and a lock keep no rollback', async () => {
    const { id } = await rig.request('v2.1.0', { environment: 'staging' });
    await rig.pass(5 * MINUTE);
    await freeze(rig.clock.now() + DAY);
    await lock();
    expect(await rig.does(PEOPLE.dana, id, { kind: 'hold', reason: 'looking' })).toMatchObject({
      kind: 'accepted',
    });
    expect(await rig.does(PEOPLE.dana, id, { kind: 'roll_back', why: 'errors' })).toMatchObject({
      kind: 'accepted',
    });
    await rig.pass(MINUTE);
    expect(await status(id)).toBe('rolled_back');
  });
});

describe('A service that needs another', () => {
  beforeEach(() => {
    const checkout = rig.policy.services.get('checkout');
    if (checkout === undefined) throw new Error('no checkout');
    const services = new Map(rig.policy.services).set('checkout', { ...checkout, dependsOn: ['payments'] });
    Object.assign(rig.policy, { services });
  });

  it.each([
    ['payments', 'v9.4.0', 'checkout', 'v2.1.0'],
    ['checkout', 'v2.1.0', 'payments', 'v9.4.0'],
  ])(
    'WN-2: while %s %s is on its way, %s waits, names it, and starts after it',
    async (first, one, second, other) => {
      const moving = await rig.request(one, {
        service: first,
        environment: 'staging',
        strategy: 'blue-green',
      });
      await rig.pass(5 * MINUTE);
      expect(await status(moving.id)).toBe('rolling_out');
      const { id } = await rig.request(other, { ...QUICK, service: second });
      await rig.pass(10 * MINUTE);
      expect(await status(id)).toBe('scheduled');
      expect(await waitsFor(id)).toEqual([`conflict:${moving.id}`]);
      expect((await rig.load(id)).start.waiting?.for[0]?.says).toContain(`${first} ${one} is on its way`);
      await rig.pass(2 * DAY, async () => (await rig.load(id)).rollout?.startedAt !== undefined);
      const [before, after] = [await rig.load(moving.id), await rig.load(id)];
      expect(after.rollout?.startedAt).toBeGreaterThanOrEqual(
        before.rollout?.completedAt ?? Number.POSITIVE_INFINITY,
      );
    },
  );

  it('WN-2: what waits for another starts as soon as that one is rolled back', async () => {
    const moving = await rig.request('v9.4.0', {
      service: 'payments',
      environment: 'staging',
      strategy: 'blue-green',
    });
    await rig.pass(5 * MINUTE);
    const { id } = await rig.request('v2.1.0', QUICK);
    await rig.pass(MINUTE);
    expect(await waitsFor(id)).toEqual([`conflict:${moving.id}`]);
    await rig.does(PEOPLE.dana, moving.id, { kind: 'roll_back', why: 'it looks odd' });
    await rig.pass(HOUR, async () => (await status(moving.id)) === 'rolled_back');
    await rig.pass(5 * SECOND);
    expect((await rig.load(id)).rollout?.startedAt).toBeDefined();
  });

  it('WN-2: two that become due at once start one after the other', async () => {
    const at = rig.clock.now() + HOUR;
    const one = await rig.request('v2.1.0', { ...QUICK, at });
    const two = await rig.request('v9.4.0', { ...QUICK, service: 'payments', at });
    await rig.pass(
      3 * HOUR,
      async () =>
        (await rig.load(one.id)).rollout?.startedAt !== undefined &&
        (await rig.load(two.id)).rollout?.startedAt !== undefined,
    );
    const [first, second] = [await rig.load(one.id), await rig.load(two.id)].toSorted(
      (a, b) => (a.rollout?.startedAt ?? 0) - (b.rollout?.startedAt ?? 0),
    );
    expect(second?.rollout?.startedAt).toBeGreaterThanOrEqual(
      first?.rollout?.completedAt ?? Number.POSITIVE_INFINITY,
    );
  });
});

describe('A request', () => {
  const asks = async (about: Parameters<Rig['request']>[1]) =>
    rig.request('v2.1.0', { ...QUICK, ...about }).catch((error: unknown) => String(error));

  it('WN-1: for a time outside every window is refused, with the next one', async () => {
    withWindow();
    const refusal = await asks({ at: Date.UTC(2026, 0, 5, 12) });
    expect(refusal).toContain('window_closed');
    expect(refusal).toContain(`The next one is open from {t:${Date.UTC(2026, 0, 5, 14)}}`);
  });

  it('WN-3: for a time in a freeze is refused, with its reason and its end', async () => {
    const until = rig.clock.now() + DAY;
    await freeze(until);
    const refusal = await asks({ at: rig.clock.now() + HOUR });
    expect(refusal).toContain('frozen');
    expect(refusal).toContain(`until {t:${until}}`);
    expect(refusal).toContain('audit');
  });

  it("WN-4: where somebody else has the lock is refused, by name; one's own is no obstacle", async () => {
    const taken = await lock();
    expect(await asks({})).toMatch(/locked by Tom until .*load test.*Ask them, or take the lock over/);
    await lock(PEOPLE.dana, [taken]);
    expect(await asks({})).toMatchObject({ status: expect.any(String) });
  });
});
