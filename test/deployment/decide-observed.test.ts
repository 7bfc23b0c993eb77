/** What the backend and the time decide; where they cannot, a person is asked. */

import { describe, expect, it } from 'vitest';
import { isStillWanted } from '../../src/deployment/command-effects.ts';
import { nextWake } from '../../src/deployment/next-wake.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { backend, DANA, dana, envelope, inShort, observation, omar, T0, tom } from './builders.ts';
import { observed, type Point, type World, worldAt } from './world.ts';

const HELD = 'accepted held';
const unreachable = (doing: string) => ({ kind: 'backend_unreachable' as const, doing, message: 'timeout' });

describe('The start', () => {
  it('waits for its time, then begins with the first step', () => {
    const at = T0 + HOUR;
    const world = worldAt('scheduled', { envelope: envelope({ start: { kind: 'at', at } }) });
    expect(inShort(world.pass(HOUR - 1).observe())).toBe('unchanged');
    expect(inShort(world.pass(1).observe())).toBe('accepted started step_started');
    expect(world.d).toMatchObject({
      status: 'rolling_out',
      previous: 'v2.0.4',
      rollout: { startedAt: world.now },
    });
    const effects = world.done.flatMap((done) => done.effects);
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'apply', step: 0 }));
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'supersede' }));
  });

  it('waits while another version has traffic, and says so once', () => {
    const world = worldAt('scheduled');
    const other = { canary: 'v2.0.9', weight: 40 };
    expect(inShort(world.observe(other))).toBe('accepted backend_troubled');
    expect(world.d.trouble).toMatchObject({
      doing: 'start',
      message: expect.stringContaining('v2.0.9 has 40 %'),
    });
    expect(inShort(world.pass(MINUTE).observe(other))).toBe('unchanged');
    expect(inShort(world.pass(MINUTE).observe())).toBe('accepted started step_started');
    expect(world.d.trouble).toBeUndefined();
  });

  it('waits while another deployment is still going back', () => {
    const world = worldAt('scheduled');
    const occupiedBy = { id: 'D-7', version: 'v2.0.9', lead: DANA };
    const seen = { kind: 'observed' as const, observation: observation() };
    expect(inShort(world.tell(seen, backend, { occupiedBy }))).toBe('accepted backend_troubled');
    expect(world.d.trouble?.message).toContain('v2.0.9 (D-7) is still there');
    expect(inShort(world.tell(seen, backend))).toBe('accepted started step_started');
  });

  it('is called off where the version runs there already', () => {
    const world = worldAt('scheduled');
    expect(inShort(world.observe({ stable: 'v2.1.0' }))).toBe('accepted cancelled');
    expect(world.d.ending?.reason).toBe('v2.1.0 runs there already');
  });

  it('takes over where its own version has a share already', () => {
    expect(inShort(worldAt('scheduled').observe({ canary: 'v2.1.0', weight: 50 }))).toBe(
      'accepted started step_started',
    );
  });

  it('is not made up for an hour later, whatever it waited for', () => {
    for (const late of [
      (w: World) => w.observe(),
      (w: World) => w.wake(),
      (w: World) => w.tell(unreachable('observe'), backend),
    ]) {
      const world = worldAt('scheduled').pass(HOUR);
      expect(inShort(late(world))).toBe('accepted expired');
      expect(world.d.ending?.reason).toBe('it could not start within an hour of its time');
    }
    expect(
      inShort(
        worldAt('scheduled')
          .pass(HOUR - 1)
          .observe(),
      ),
    ).toBe('accepted started step_started');
  });
});

describe('A request that nobody completes', () => {
  it('expires an hour after its planned start, or when its time is up', () => {
    const planned = worldAt('preparing', { envelope: envelope({ start: { kind: 'at', at: T0 + HOUR } }) });
    expect(nextWake(planned.d)).toBe(T0 + 2 * HOUR);
    expect(inShort(planned.pass(2 * HOUR - 1).wake())).toBe('unchanged');
    expect(inShort(planned.pass(1).wake())).toBe('accepted expired');

    const far = worldAt('preparing', { envelope: envelope({ start: { kind: 'at', at: T0 + 30 * DAY } }) });
    expect(nextWake(far.d)).toBe(T0 + 30 * DAY + HOUR);

    const unplanned = worldAt('preparing');
    expect(nextWake(unplanned.d)).toBe(T0 + unplanned.d.terms.safeguards.expireAfter);
  });
});

describe('Traffic', () => {
  it('completes a step when it is there', () => {
    const world = worldAt('shifting');
    expect(inShort(world.shift(4))).toBe('unchanged');
    expect(inShort(world.shift(5))).toBe('accepted step_completed step_started');
    expect(world.d.rollout?.stages[0]).toMatchObject({
      watchedSince: world.now,
      watchUntil: world.now + 30 * MINUTE,
    });
  });

  it('ends with the verification, and that with the observation', () => {
    const world = worldAt('verifying');
    expect(inShort(world.shift(100, { health: 'unknown' }))).toBe('unchanged');
    expect(inShort(world.shift(75))).toBe('unchanged');
    expect(inShort(world.shift(100))).toBe('accepted verified');
    expect(world.d).toMatchObject({ status: 'observing', rollout: { completedAt: world.now } });
  });

  it.each<Point>(['shifting', 'verifying'])('holds where it is not there after 10 min (%s)', (point) => {
    const world = worldAt(point);
    expect(inShort(world.pass(10 * MINUTE - 1).shift(3))).toBe('unchanged');
    const decision = world.pass(1).shift(3);
    expect(inShort(decision)).toBe(HELD);
    expect(world.d.rollout?.hold?.reason).toMatch(/3 %.*10 minutes after it was told/);
  });

  it('has its 10 min again after a resume', () => {
    const world = worldAt('shifting');
    world.pass(10 * MINUTE).shift(3);
    world.tell({ kind: 'resume', reason: 'It looks well.' }, dana);
    expect(inShort(world.pass(9 * MINUTE).shift(3))).toBe('unchanged');
    expect(inShort(world.pass(MINUTE).shift(3))).toBe(HELD);
  });

  it('holds where someone else moved it', () => {
    const world = worldAt('watching');
    expect(inShort(world.shift(5))).toBe('unchanged');
    expect(inShort(world.pass(SECOND).shift(50))).toBe(HELD);
    expect(world.d.rollout?.hold?.reason).toBe(
      'it should have 5 % of traffic and has 50 %: someone else moved it',
    );
    expect(inShort(world.shift(60))).toBe('unchanged');
  });

  it('is not judged by an answer from before the last command', () => {
    const world = worldAt('watching');
    const before = world.now;
    world.tell({ kind: 'promote', stage: 1, reason: 'It looks well.' }, dana);
    world.pass(SECOND).shift(25);
    world.pass(SECOND);
    expect(inShort(world.observe({ at: before, canary: 'v2.1.0', weight: 5 }))).toBe('unchanged');
    expect(inShort(world.observe({ canary: 'v2.1.0', weight: 5 }))).toBe(HELD);
  });
});

describe('AN-3: A failing health check', () => {
  it.each<Point>(['shifting', 'watching', 'held shifting', 'held watching', 'verifying', 'observing'])(
    'rolls back at once when it is %s',
    (point) => {
      const world = worldAt(point);
      const weight = point.endsWith('shifting') ? 2 : 5;
      const decision =
        point === 'observing'
          ? world.shift(100, { health: 'failing' })
          : world.shift(weight, { health: 'failing' });
      expect(inShort(decision)).toBe('accepted rollback_started');
      expect(world.d.rollback).toMatchObject({ why: 'its health check is failing', to: 'v2.0.4' });
      expect(world.d.rollback?.by).toEqual({ kind: 'system', name: 'backend' });
    },
  );

  it('is not held against a version that has no traffic yet', () => {
    expect(inShort(worldAt('shifting').observe({ health: 'failing' }))).toBe('unchanged');
    expect(inShort(worldAt('shifting').shift(0, { health: 'failing' }))).toBe('unchanged');
  });

  it('of the next deployment does not roll back the one it replaces', () => {
    const world = worldAt('observing');
    const next = { stable: 'v2.1.0', canary: 'v2.2.0', weight: 5, health: 'failing' as const };
    const occupiedBy = { id: 'D-2', version: 'v2.2.0', lead: DANA };
    const tell = (change = {}) =>
      world.tell({ kind: 'observed', observation: observation({ ...next, ...change }) }, backend, {
        occupiedBy,
      });
    expect(inShort(tell({ at: world.now }))).toBe('unchanged');
    expect(inShort(tell({ at: world.now, weight: 0 }))).toBe('accepted rollback_started');
  });
});

describe('A backend that refuses', () => {
  const refused = { kind: 'backend_refused', doing: 'apply', step: 0, message: 'quota' } as const;

  it('a step holds the rollout, with its words', () => {
    const world = worldAt('shifting');
    expect(inShort(world.tell(refused, backend))).toBe('accepted backend_troubled held');
    expect(world.d.rollout?.hold?.reason).toBe('the backend refused: quota');
    world.tell({ kind: 'resume', reason: 'It looks well.' }, dana);
    expect(world.d.trouble).toBeUndefined();
  });

  it('a step of a rollout that is held is recorded', () => {
    expect(inShort(worldAt('held shifting').tell(refused, backend))).toBe('accepted backend_troubled');
  });

  it.each<Point>(['watching', 'rolling_back', 'rolled_back', 'observing'])(
    'a step that is over changes nothing (%s)',
    (point) => {
      expect(inShort(worldAt(point).tell(refused, backend))).toBe('unchanged');
    },
  );
});

describe('A backend that is silent', () => {
  it.each<Point>(['shifting', 'watching', 'verifying'])('holds after 5 min when it is %s', (point) => {
    const world = worldAt(point);
    expect(inShort(world.tell(unreachable('observe'), backend))).toBe('accepted backend_troubled');
    expect(inShort(world.pass(5 * MINUTE - 1).tell(unreachable('observe'), backend))).toBe('unchanged');
    expect(inShort(world.pass(1).tell(unreachable('observe'), backend))).toBe(HELD);
    expect(world.d.rollout?.hold?.reason).toMatch(/has not answered for 5 minutes: timeout/);
  });

  it('is silent all the same when it is told and observed in turn', () => {
    const world = worldAt('shifting');
    const said: string[] = [];
    for (let second = 0; second <= 300; second += 10) {
      said.push(inShort(world.tell(unreachable(second % 20 === 0 ? 'observe' : 'apply'), backend)));
      world.pass(10 * SECOND);
    }
    expect(said.filter((line) => line !== 'unchanged')).toEqual(['accepted backend_troubled', HELD]);
  });

  it('is silent all the same while the metrics answer', () => {
    const world = worldAt('watching');
    for (let minute = 0; minute < 5; minute += 1) {
      world.tell(unreachable('observe'), backend);
      world.nextLook();
    }
    expect(inShort(world.tell(unreachable('observe'), backend))).toBe(HELD);
  });

  it('is no longer so once it answers, and that is recorded', () => {
    const world = worldAt('watching');
    world.tell(unreachable('observe'), backend);
    expect(inShort(world.pass(4 * MINUTE).shift())).toBe('accepted backend_recovered');
    expect(world.d.trouble).toBeUndefined();
    expect(inShort(world.pass(4 * MINUTE).tell(unreachable('observe'), backend))).toBe(
      'accepted backend_troubled',
    );
  });

  it('is recorded once where nothing can be held', () => {
    for (const point of ['scheduled', 'held watching', 'observing', 'rolling_back'] as const) {
      const world = worldAt(point);
      expect(inShort(world.tell(unreachable('observe'), backend))).toBe('accepted backend_troubled');
      expect(inShort(world.pass(59 * MINUTE).tell(unreachable('observe'), backend))).toBe('unchanged');
    }
    for (const point of ['preparing', 'handed_over', 'failed'] as const)
      expect(inShort(worldAt(point).tell(unreachable('observe'), backend))).toBe('unchanged');
  });

  it('does not take a step that was still waiting when it held', () => {
    const world = worldAt('shifting');
    const waiting = { kind: 'apply', key: 'k', step: 0 } as const;
    expect(isStillWanted(world.d, waiting)).toBe(true);
    world.tell({ kind: 'hold', reason: 'x' }, omar);
    expect(isStillWanted(world.d, waiting)).toBe(false);
    world.tell({ kind: 'resume', reason: 'It looks well.' }, omar);
    expect(isStillWanted(world.d, waiting)).toBe(true);
  });
});

const SIGNED = `sha256:${'5'.repeat(64)}`;
const OTHER = `sha256:${'6'.repeat(64)}`;

describe('A change behind its back', () => {
  const signed = { envelope: envelope({ digest: SIGNED }) };
  const running = (digest: string) => ({ digests: { 'v2.1.0': digest } });

  it('K-9: lets it go on where what was signed is what runs, or where nobody knows', () => {
    for (const seen of [running(SIGNED), {}, { digests: { 'v2.0.4': OTHER } }]) {
      const world = worldAt('watching', signed);
      expect(inShort(world.shift(undefined, seen))).toBe('unchanged');
    }
  });

  it.each<Point>(['shifting', 'watching', 'verifying'])(
    'GT-3: holds while it is %s where another build runs under the name of its version, and says which',
    (point) => {
      const world = worldAt(point, signed);
      expect(inShort(world.pass(SECOND).shift(undefined, running(OTHER)))).toBe(HELD);
      expect(world.d.rollout?.hold?.reason).toBe(
        'what runs as v2.1.0 is sha256:666666666666…, and sha256:555555555555… was signed',
      );
      expect(world.done.at(-1)?.effects).not.toContainEqual(expect.objectContaining({ kind: 'apply' }));
    },
  );

  it('GT-3: does not start while another build runs under the name of its version, and says so once', () => {
    const world = worldAt('scheduled', signed);
    const seen = { canary: 'v2.1.0', weight: 0, ...running(OTHER) };
    expect(inShort(world.observe(seen))).toBe('accepted backend_troubled');
    expect(world.d.trouble).toMatchObject({ doing: 'start', message: expect.stringContaining('was signed') });
    expect(inShort(world.pass(MINUTE).observe(seen))).toBe('unchanged');
    expect(inShort(world.observe())).toBe('accepted started step_started');
  });

  it('GT-3: is not taken for done where all of the traffic has the other build', () => {
    const world = worldAt('scheduled', signed);
    expect(inShort(world.observe({ stable: 'v2.1.0', ...running(OTHER) }))).toBe('accepted backend_troubled');
  });

  it('tells of it once while it is observed, and that it is over', () => {
    const world = worldAt('observing', signed);
    const whole = { stable: 'v2.1.0', canary: null, weight: 0 };
    expect(inShort(world.observe({ ...whole, ...running(OTHER) }))).toBe(
      'accepted backend_troubled observation_unsettled',
    );
    expect(inShort(world.observe({ ...whole, ...running(OTHER) }))).toBe('unchanged');
    expect(inShort(world.observe({ ...whole, ...running(SIGNED) }))).toBe('accepted backend_recovered');
    expect(world.d.trouble).toBeUndefined();
  });

  it.each<[string, { stable?: string; canary?: string; weight?: number }, string]>([
    ['beside it', { canary: 'v3.0.0', weight: 20 }, 'v3.0.0 has 20 % of the traffic'],
    ['in place of the old one', { stable: 'v3.0.0', canary: 'v2.1.0', weight: 5 }, 'v3.0.0 has 95 %'],
  ])('holds where a version of somebody else has traffic %s, and touches nothing', (_where, seen, words) => {
    const world = worldAt('watching');
    expect(inShort(world.pass(SECOND).observe(seen))).toBe(HELD);
    expect(world.d.rollout?.hold?.reason).toContain(words);
    expect(world.d.rollout?.hold?.reason).toContain('somebody else deploys here');
    expect(world.done.at(-1)?.effects).not.toContainEqual(expect.objectContaining({ kind: 'apply' }));
  });

  it('asks the lead once where the old version has traffic again while it is observed', () => {
    const world = worldAt('observing');
    const seen = { stable: 'v2.0.4', canary: 'v2.1.0', weight: 40 };
    expect(inShort(world.pass(MINUTE).observe(seen))).toBe('accepted backend_troubled observation_unsettled');
    expect(world.d.rollout?.finalWatch?.unsettled?.because).toContain('v2.1.0 has 40 % of traffic');
    expect(inShort(world.pass(MINUTE).observe(seen))).toBe('unchanged');
  });

  it.each<[string, { stable?: string; canary?: string | null; weight?: number }]>([
    ['its share was moved', { canary: 'v2.1.0', weight: 60 }],
    ['a version of somebody else came', { canary: 'v3.0.0', weight: 20 }],
  ])(
    'is told its share again, and watched from the beginning, where %s and somebody resumes it',
    (_what, seen) => {
      const world = worldAt('watching');
      expect(inShort(world.pass(MINUTE).observe(seen))).toBe(HELD);
      expect(world.d.rollout?.hold?.drift).toBe(true);
      expect(inShort(world.pass(MINUTE).tell({ kind: 'resume' }, omar))).toBe('accepted resumed');
      expect(world.done.at(-1)?.effects).toContainEqual(expect.objectContaining({ kind: 'apply', step: 0 }));
      expect(inShort(world.pass(SECOND).shift())).toBe('accepted step_completed step_started');
      expect(world.d.rollout?.stages).toHaveLength(1);
      expect(world.d.rollout?.stages.at(-1)?.watchedSince).toBe(world.now);
    },
  );

  it('is not overwritten by a rollback that is told again, once the own version is out; it is while that has traffic', () => {
    const world = worldAt('rolling_back');
    const mixed = { stable: 'v3.0.0', canary: 'v2.1.0', weight: 5 };
    expect(inShort(world.pass(MINUTE).observe(mixed))).toBe('accepted rollback_repeated');
    const theirs = { stable: 'v3.0.0', canary: null, weight: 0 };
    expect(inShort(world.pass(10 * MINUTE).observe(theirs))).toBe('accepted backend_troubled');
    expect(world.d.trouble).toMatchObject({ doing: 'compare', message: expect.stringContaining('v3.0.0') });
    expect(inShort(world.pass(10 * MINUTE).observe(theirs))).toBe('unchanged');
    expect(inShort(world.pass(MINUTE).observe())).toBe('accepted backend_recovered rolled_back');
  });

  describe('before the start', () => {
    const hotfix = { stable: 'v2.0.5' };

    it('keeps it from starting until somebody says so, and a rollback then goes back to what ran', () => {
      const world = worldAt('scheduled');
      expect(inShort(world.observe(hotfix))).toBe('accepted drifted');
      expect(inShort(world.pass(MINUTE).observe(hotfix))).toBe('unchanged');
      const seen = world.d.start.drift?.seq ?? 0;
      expect(inShort(world.ask({ kind: 'accept_drift', seen }, tom))).toMatch(/refused not_allowed/);
      expect(inShort(world.tell({ kind: 'accept_drift', seen: seen - 1 }, omar))).toBe('refused stale');
      expect(inShort(world.tell({ kind: 'accept_drift', seen }, omar))).toBe('accepted drift_accepted');
      expect(inShort(world.pass(SECOND).observe(hotfix))).toBe('accepted started step_started');
      expect(world.d.previous).toBe('v2.0.5');
    });

    it('starts by itself where what ran before runs again', () => {
      const world = worldAt('scheduled');
      world.observe(hotfix);
      expect(inShort(world.pass(MINUTE).observe())).toBe('accepted started step_started');
    });

    it('is none where the record itself says that a rollback left it', () => {
      const world = worldAt('scheduled');
      const left = world.ask(observed(world.now, hotfix), backend, { left: 'v2.0.5' });
      expect(inShort(left)).toBe('accepted started step_started');
    });
  });

  it('is none where the deployment after it has the traffic', () => {
    const world = worldAt('observing');
    const seen = { stable: 'v2.1.0', canary: 'v2.2.0', weight: 5 };
    const tell = (change = {}) =>
      inShort(
        world.tell(
          { kind: 'observed', observation: observation({ ...seen, at: world.now }) },
          backend,
          change,
        ),
      );
    expect(tell({ occupiedBy: { id: 'D-2', version: 'v2.2.0', lead: DANA } })).toBe('unchanged');
    expect(tell()).toBe('accepted backend_troubled observation_unsettled');
  });
});

it('OP-3: trouble with a step is over with that step', () => {
  const world = worldAt('shifting');
  world.tell({ kind: 'backend_unreachable', doing: 'apply', message: 'no route' }, backend);
  expect(world.d.trouble).toMatchObject({ doing: 'apply', message: 'no route' });
  expect(inShort(world.pass(1000).shift())).toBe('accepted step_completed step_started');
  expect(world.d.trouble).toBeUndefined();
});
