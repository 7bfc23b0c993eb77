/** Going back: from everywhere, at once, and never over before it is seen. */

import { describe, expect, it } from 'vitest';
import { isStillWanted } from '../../src/deployment/command-effects.ts';
import { decide } from '../../src/deployment/decide.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { backend, clock, dana, facts, inShort, omar, paul, person, SANA, sana } from './builders.ts';
import { observed, type Point, type World, worldAt } from './world.ts';

const rollBack = { kind: 'roll_back', why: 'errors' } as const;

/** Another version runs than when it was asked for, and somebody says that it may be replaced. */
function startsFrom(world: World, seen: Parameters<World['observe']>[0]): void {
  world.observe(seen);
  world.tell({ kind: 'accept_drift', seen: world.d.start.drift?.seq ?? 0 }, omar);
  world.observe(seen);
}

describe('Roll back', () => {
  it.each<Point>([
    'shifting',
    'watching',
    'held shifting',
    'held watching',
    'verifying',
    'held verifying',
    'observing',
  ])('RB-1: is one click when it is %s, and the backend is told at once', (point) => {
    const world = worldAt(point);
    expect(inShort(world.tell(rollBack, omar))).toBe('accepted rollback_started');
    expect(world.d).toMatchObject({
      status: 'rolling_back',
      rollback: { to: 'v2.0.4', why: 'errors', by: { name: 'Omar' }, startedAt: world.now },
    });
    expect(world.d.rollout?.hold).toBeUndefined();
    expect(world.done.at(-1)?.effects[0]).toEqual({
      kind: 'roll_back',
      key: `D-1:${world.d.seq}`,
      to: 'v2.0.4',
    });
  });

  it('RB-1: takes its target from what ran when it started, not when it was asked for', () => {
    const world = worldAt('scheduled');
    startsFrom(world, { stable: 'v2.0.5' });
    world.tell(rollBack, omar);
    expect(world.d.rollback?.to).toBe('v2.0.5');
  });

  it('takes the first deployment of a service out again', () => {
    const world = worldAt('scheduled');
    startsFrom(world, { stable: null, health: 'unknown' });
    world.tell(rollBack, omar);
    expect(world.d.rollback?.to).toBeNull();
    expect(inShort(world.pass(SECOND).observe({ stable: null, health: 'unknown' }))).toBe(
      'accepted rolled_back',
    );
  });

  it.each<Point>(['preparing', 'scheduled', 'rejected', 'expired', 'cancelled'])(
    'is refused when it is %s: there is nothing to take back',
    (point) => {
      expect(worldAt(point).tell(rollBack, omar)).toMatchObject({
        code: 'wrong_status',
        message: expect.stringContaining('has no traffic'),
      });
    },
  );

  it.each<{ point: Point; says: RegExp }>([
    { point: 'rolling_back', says: /^Someone was faster: .*started by Omar, is under way/ },
    { point: 'rolled_back', says: /^Someone was faster: .*started by Omar, is done/ },
    { point: 'failed', says: /failed: no such version\. Put it right at the backend/ },
    { point: 'handed_over', says: /was handed over.*Deploy v2\.0\.4/ },
  ])('RB-7: is refused when it is $point, and says how it is', ({ point, says }) => {
    expect(worldAt(point).tell(rollBack, dana)).toMatchObject({
      code: 'wrong_status',
      message: expect.stringMatching(says),
    });
  });

  it('tells who clicked twice that it is their own', () => {
    expect(worldAt('rolling_back').tell(rollBack, omar)).toMatchObject({
      message: expect.stringMatching(/^Your rollback of checkout v2\.1\.0 is under way/),
    });
  });

  it('RB-1: is for lead, on-call and operations, and for no one without a role', () => {
    const world = worldAt('watching');
    for (const actor of [dana, omar, person(SANA, 'operations')])
      expect(inShort(world.ask(rollBack, actor))).toBe('accepted rollback_started');
    for (const actor of [paul, sana])
      expect(inShort(world.ask(rollBack, actor))).toBe('refused not_allowed + attempt_refused');
    expect(inShort(world.ask(rollBack, clock))).toBe('refused not_allowed');
  });
});

describe('The reason', () => {
  it.each<Point>(['rolling_back', 'rolled_back', 'failed'])('RB-1: comes after the command (%s)', (point) => {
    const world = worldAt(point);
    const { status } = world.d;
    const decision = world.tell({ kind: 'explain_rollback', reason: ' coupons broke ' }, dana);
    expect(inShort(decision)).toBe('accepted rollback_explained');
    expect(world.d).toMatchObject({ status, rollback: { reason: 'coupons broke' } });
  });

  it('needs words, a rollback, and the right', () => {
    const explain = { kind: 'explain_rollback', reason: 'x' } as const;
    expect(worldAt('rolled_back').ask({ ...explain, reason: ' ' }, dana)).toMatchObject({
      code: 'reason_needed',
    });
    expect(worldAt('observing').ask(explain, dana)).toMatchObject({
      code: 'wrong_status',
      message: 'checkout v2.1.0 was not rolled back.',
    });
    const denied = worldAt('rolled_back').ask(explain, paul);
    expect(inShort(denied)).toBe('refused not_allowed + attempt_refused');
    expect(denied).toMatchObject({ message: expect.stringContaining("You can't explain the rollback of") });
  });
});

describe('A rollback ends', () => {
  const going = (): World => worldAt('rolling_back').pass(SECOND);

  it('RB-3: when the old version has it all and works', () => {
    const world = going();
    expect(inShort(world.observe())).toBe('accepted rolled_back');
    expect(world.d).toMatchObject({ status: 'rolled_back', rollback: { endedAt: world.now } });
  });

  it('RB-3, RB-7: not while the backend has done half of it: some of the traffic is left', () => {
    expect(inShort(going().shift(1))).toBe('unchanged');
  });

  it('RB-3, ST-5: and what is left on the way is told in steps worth telling', () => {
    const world = worldAt('verifying');
    world.tell(rollBack, omar);
    const told = [75, 70, 66, 50, 100, 25, 16, 15, 4].map((left) => inShort(world.pass(SECOND).shift(left)));
    const moved = 'accepted rollback_moved';
    const nothing = 'unchanged';
    expect(told).toEqual([moved, nothing, nothing, moved, nothing, moved, nothing, moved, moved]);
    expect(world.d.rollback?.left).toEqual({ percent: 4, at: world.now });
    expect(inShort(world.pass(SECOND).shift(0))).toBe('accepted rolled_back');
  });

  it('RB-3: what is seen to move is not told again, until it stands still for as long', () => {
    const world = worldAt('verifying');
    world.tell(rollBack, omar);
    const seen = (seconds: number, left: number) => inShort(world.pass(seconds * SECOND).shift(left));
    expect([seen(25, 75), seen(5, 75), seen(24, 75)]).toEqual([
      'accepted rollback_moved',
      'unchanged',
      'unchanged',
    ]);
    expect(seen(1, 75)).toBe('accepted rollback_repeated');
  });

  it('RB-3: not while the old version fails its check, and says so once', () => {
    const world = going();
    expect(inShort(world.observe({ health: 'failing' }))).toBe('accepted backend_troubled');
    expect(world.d.trouble?.message).toBe('v2.0.4 is back, and its health check is failing');
    expect(inShort(world.pass(SECOND).observe({ health: 'failing' }))).toBe('unchanged');
    expect(inShort(world.pass(SECOND).observe())).toBe('accepted rolled_back');
    expect(world.d.trouble).toBeUndefined();
  });

  it('RB-3: not while nobody knows whether the old version works; after 30 s that is told', () => {
    const world = going();
    expect(inShort(world.observe({ health: 'unknown' }))).toBe('unchanged');
    expect(inShort(world.pass(30 * SECOND).observe({ health: 'unknown' }))).toBe('accepted backend_troubled');
    expect(world.d.trouble?.message).toContain('nothing says that it is healthy');
  });

  it('RB-3: not by an answer from before the command', () => {
    const world = worldAt('shifting');
    const before = world.now;
    world.pass(SECOND).tell(rollBack, omar);
    expect(inShort(world.tell(observed(before), backend))).toBe('unchanged');
    expect(inShort(world.observe())).toBe('accepted rolled_back');
  });

  it('RB-3: not while another version than the old one runs there, although its own is out', () => {
    const world = worldAt('rolling_back');
    const seen = { canary: null, stable: 'v1.9.9' };
    expect(inShort(world.pass(SECOND).shift(0, seen))).toBe('accepted backend_troubled');
    expect(world.d.trouble?.message).toContain('v1.9.9 has 100 % of the traffic');
    expect(world.d.status).toBe('rolling_back');
    expect(inShort(world.pass(SECOND).shift(0, { ...seen, stable: null }))).toBe(
      'accepted backend_recovered',
    );
    expect(inShort(world.pass(SECOND).observe())).toBe('accepted rolled_back');
  });

  it('RB-3: what GoNoGo itself brings there next is no stranger, and is not the old version either', () => {
    const world = worldAt('rolling_back');
    world.now += SECOND;
    const { now } = world;
    const observation = { at: now, canary: null, stable: 'v2.2.0', weight: 0, health: 'passing' } as const;
    const occupiedBy = { id: 'D-2', version: 'v2.2.0', lead: SANA };
    expect(
      inShort(decide(world.d, { kind: 'observed', observation }, facts(backend, { now, occupiedBy }))),
    ).toBe('unchanged');
  });

  it('RB-3: closes the stage that was under way as rolled back, not as passed', () => {
    const { stages } = worldAt('rolling_back').d.rollout ?? {};
    expect(stages?.at(-1)).toMatchObject({ outcome: 'rolled_back', endedAt: expect.any(Number) });
  });

  it('still sends its command when all looks well before it was sent', () => {
    const world = worldAt('shifting');
    world.tell(rollBack, omar);
    const command = { kind: 'roll_back', key: 'D-1:9', to: 'v2.0.4' } as const;
    expect(isStillWanted(world.d, command)).toBe(true);
    world.pass(SECOND).observe();
    expect(world.d.status).toBe('rolled_back');
    expect(isStillWanted(world.d, command)).toBe(true);
    expect(isStillWanted(worldAt('observing').d, command)).toBe(false);
  });
});

describe('A rollback that is not seen to work', () => {
  it('is told again after 30 s, then less and less often, each time as a new command', () => {
    const world = worldAt('rolling_back');
    const told: number[] = [];
    for (let second = 1; second <= 800; second += 1) {
      const decision = world.pass(SECOND).shift(5);
      if (decision.kind === 'unchanged') continue;
      expect(inShort(decision)).toBe('accepted rollback_repeated');
      told.push(second);
    }
    expect(told).toEqual([30, 60, 120, 240, 480, 780]);
    const keys = world.done.flatMap(({ effects }) =>
      effects.filter(({ kind }) => kind === 'roll_back').map(({ key }) => key),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(told.length + 1);
  });

  it('RB-2: is told to people once when it takes longer than it may, and goes on', () => {
    const world = worldAt('rolling_back');
    world.pass(14 * MINUTE).shift(5);
    expect(world.d.trouble).toBeUndefined();
    expect(inShort(world.pass(MINUTE).shift(5))).toBe('accepted backend_troubled');
    expect(world.d.trouble?.message).toBe('v2.0.4 is not back after 15 minutes');
    expect(inShort(world.pass(5 * MINUTE).shift(5))).toBe('accepted rollback_repeated');
    expect(inShort(world.pass(SECOND).shift(5))).toBe('unchanged');
  });

  it('RB-7: fails when the backend refuses for good', () => {
    const world = worldAt('rolling_back');
    const refused = { kind: 'backend_refused', doing: 'roll_back', message: 'no such version' } as const;
    expect(inShort(world.tell(refused, backend))).toBe('accepted rollback_failed');
    expect(world.d).toMatchObject({ status: 'failed', ending: { reason: 'no such version' } });
    expect(inShort(worldAt('watching').tell(refused, backend))).toBe('unchanged');
  });

  it('RB-7: goes on trying while the backend is down, and says so once', () => {
    const world = worldAt('rolling_back');
    const down = { kind: 'backend_unreachable', doing: 'roll_back', message: 'no route' } as const;
    expect(inShort(world.tell(down, backend))).toBe('accepted backend_troubled');
    for (let minute = 0; minute < 60; minute += 1)
      expect(inShort(world.pass(MINUTE).tell(down, backend))).toBe('unchanged');
    expect(inShort(world.pass(SECOND).observe())).toBe('accepted rolled_back');
  });

  it('RB-7: can be taken over by a person with the right, who says how it stands', () => {
    const world = worldAt('rolling_back');
    const giveUp = { kind: 'give_up_rollback', reason: 'switched by hand' } as const;
    expect(world.ask({ ...giveUp, reason: '' }, dana)).toMatchObject({ code: 'reason_needed' });
    expect(inShort(world.ask(giveUp, paul))).toBe('refused not_allowed + attempt_refused');
    expect(inShort(world.tell(giveUp, dana))).toBe('accepted rollback_failed');
    expect(world.d).toMatchObject({ status: 'failed', ending: { reason: 'switched by hand' } });
    expect(worldAt('watching').ask(giveUp, dana)).toMatchObject({ code: 'wrong_status' });
  });
});

describe('A rollback', () => {
  it('is decided alike whatever else the facts say', () => {
    const { d } = worldAt('watching');
    const elsewhere = { id: 'D-2', version: 'v9', lead: { id: 'U-X', name: 'X' } };
    const busy = facts(omar, { occupiedBy: elsewhere, mayRequest: false, running: null });
    expect(inShort(decide(d, rollBack, busy))).toBe('accepted rollback_started');
  });
});
