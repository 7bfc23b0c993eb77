/** What the metrics decide, and when they are asked; where they cannot, a person is (AN-5). */

import { describe, expect, it } from 'vitest';
import { nextWake, questions } from '../../src/deployment/next-wake.ts';
import type { Reading } from '../../src/judge/types.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { presetOf } from '../config/preset-policies.ts';
import { dana, envelope, inShort, judge, reading, safeguards } from './builders.ts';
import { type Point, type World, worldAt } from './world.ts';

describe('A look', () => {
  it('is recorded with what the judge carries on', () => {
    const world = worldAt('watching');
    expect(inShort(world.nextLook())).toBe('accepted looked');
    expect(world.d.rollout?.stages[0]).toMatchObject({
      lastLook: { number: 1, to: world.now },
      judge: { looks: 1 },
    });
    world.nextLook();
    expect(world.d.rollout?.stages[0]?.lastLook?.number).toBe(2);
  });

  it('completes the stage when its watch is over and it is no worse', () => {
    const world = worldAt('watching');
    for (let minute = 1; minute < 30; minute += 1) expect(inShort(world.nextLook())).toBe('accepted looked');
    expect(inShort(world.nextLook())).toBe('accepted looked step_completed step_started');
    expect(world.d.rollout?.stages).toMatchObject([
      { outcome: 'passed', endedAt: world.now },
      { percent: 25 },
    ]);
  });

  it.each<Point>(['watching', 'held watching'])('AN-3: that is bad enough rolls back (%s)', (point) => {
    const world = worldAt(point);
    expect(inShort(world.nextLook({ errors: 500 }))).toBe('accepted looked rollback_started');
    expect(world.d.rollback?.why).toContain('errors');
    expect(world.d.rollback?.by).toEqual({ kind: 'system', name: 'judge' });
  });

  it('holds where the policy asks for a person', () => {
    const world = worldAt('watching');
    expect(inShort(world.nextLook({ p99: 2000 }))).toBe('accepted looked held');
    expect(world.d.rollout?.hold?.reason).toContain('p99');
    expect(inShort(world.nextLook({ p99: 2000 }))).toBe('accepted looked');
  });

  it('AN-5: without data holds after three in a row, and never passes', () => {
    const world = worldAt('watching');
    const nothing = { noData: 'no series' };
    expect(inShort(world.nextLook(nothing))).toBe('accepted looked');
    expect(inShort(world.nextLook(nothing))).toBe('accepted looked');
    expect(inShort(world.nextLook())).toBe('accepted looked');
    for (let look = 0; look < 2; look += 1) expect(inShort(world.nextLook(nothing))).toBe('accepted looked');
    expect(inShort(world.nextLook(nothing))).toBe('accepted looked held');
    expect(world.d.rollout?.hold?.reason).toBe('there is no data to judge by: no series');
  });

  it('AN-5: without data at the end of the watch holds', () => {
    const world = worldAt('watching');
    world.pass(29 * MINUTE).look();
    expect(inShort(world.nextLook({ noData: 'no series' }))).toBe('accepted looked held');
    expect(world.d.rollout?.hold?.reason).toMatch(/watch is over and it cannot be judged: no series/);
  });

  it('ST-8: goes on when the watch is over and nobody can say yet, and says what would not have shown', () => {
    const world = worldAt('watching').pass(30 * MINUTE);
    expect(inShort(world.look({ n: 200, errors: 2 }))).toBe('accepted looked step_completed step_started');
    expect(world.d.rollout?.stages[0]).toMatchObject({
      outcome: 'went_on',
      undecided: expect.stringMatching(/^at this share (only \d+(\.\d)?× and more|no rise in errors)/),
    });
  });

  it('AN-5: never goes on undecided in the last watched stage: it watches once more as long, then holds', () => {
    const plan = {
      strategy: 'short',
      steps: [
        { kind: 'set-weight' as const, percent: 5 },
        { kind: 'watch' as const, for: 10 * MINUTE },
        { kind: 'set-weight' as const, percent: 100 },
      ],
    };
    const world = worldAt('watching', { envelope: envelope({ plan }) });
    const since = world.now;
    world.pass(10 * MINUTE);
    expect(inShort(world.look({ n: 200, errors: 2 }))).toBe('accepted looked extended');
    expect(world.d.rollout?.stages[0]).toMatchObject({ watchUntil: since + 20 * MINUTE, extended: true });
    world.pass(10 * MINUTE);
    expect(inShort(world.look({ n: 200, errors: 2 }))).toBe('accepted looked held');
    expect(world.d.rollout?.hold?.reason).toMatch(/its watch is over and it cannot be judged/);
  });

  it('AN-5: holds a stage that hardly anybody reached with how many it were', () => {
    const { judge: plan, ...rest } = safeguards();
    const judge = { ...plan, undecided: { usual: 'hold' as const, last: 'hold' as const } };
    const world = worldAt('watching', { safeguards: { ...rest, judge } }).pass(30 * MINUTE);
    expect(inShort(world.look({ n: 4, errors: 0 }))).toBe('accepted looked held');
    expect(world.d.rollout?.hold?.reason).toMatch(
      /cannot be judged: .*; 4 requests reached the canary in its whole watch$/,
    );
  });

  it.each<['hold' | 'extend', string]>([
    ['hold', 'accepted looked held'],
    ['extend', 'accepted looked extended'],
  ])('ST-8: a stage of its own may %s where it ends undecided', (undecided, answer) => {
    const { judge: plan, ...rest } = safeguards();
    const own = { ...plan, stages: [{ stage: 1, undecided }] };
    const world = worldAt('watching', { safeguards: { ...rest, judge: own } }).pass(30 * MINUTE);
    expect(inShort(world.look({ n: 200, errors: 2 }))).toBe(answer);
  });

  it('AN-6: a suspicion that is no evidence yet does not go on: it is watched once more as long, then holds', () => {
    const world = worldAt('watching').pass(30 * MINUTE);
    expect(inShort(world.look({ n: 200, errors: 7 }))).toBe('accepted looked extended');
    world.pass(30 * MINUTE);
    expect(inShort(world.look({ n: 200, errors: 3 }))).toBe('accepted looked held');
    expect(world.d.rollout?.hold?.reason).toMatch(/ : 1 that it is worse$/);
  });

  it('AN-1: a criterion that is not met is not waited for: it holds at the end of the watch', () => {
    const { judge: plan, ...rest } = safeguards();
    const criteria = [{ metric: 'errors', kind: 'absolute' as const, over: 1, minSample: 100 }];
    const world = worldAt('watching', { safeguards: { ...rest, judge: { ...plan, criteria } } });
    world.pass(30 * MINUTE);
    expect(inShort(world.look({ n: 5_000, errors: 70 }))).toBe('accepted looked held');
    expect(world.d.rollout?.hold?.reason).toMatch(/errors 1\.4 % over the stage/);
  });

  it('forgets after a resume how often a rule was over, for a person has looked at that', () => {
    const { judge: plan, ...rest } = safeguards();
    const triggers = plan.triggers.map((rule) => ({ ...rule, breaches: 2, of: 3 }));
    const world = worldAt('watching', { safeguards: { ...rest, judge: { ...plan, triggers } } });
    world.nextLook({ p99: 2000 });
    expect(inShort(world.nextLook({ p99: 2000 }))).toBe('accepted looked held');
    world.tell({ kind: 'resume', reason: 'It looks well.' }, dana);
    expect(inShort(world.nextLook({ p99: 2000 }))).toBe('accepted looked');
    expect(inShort(world.nextLook({ p99: 2000 }))).toBe('accepted looked held');
  });

  it('counts missing data anew after a resume', () => {
    const world = worldAt('watching');
    for (let look = 0; look < 3; look += 1) world.nextLook({ noData: 'x' });
    world.tell({ kind: 'resume', reason: 'It looks well.' }, dana);
    expect(inShort(world.nextLook({ noData: 'x' }))).toBe('accepted looked');
  });

  it('at a window that was looked at before counts once', () => {
    const world = worldAt('watching').pass(MINUTE);
    const from = world.d.rollout?.stages[0]?.watchedSince ?? 0;
    const measured = { kind: 'measured' as const, reading: reading(from, world.now) };
    expect(inShort(world.tell(measured, judge))).toBe('accepted looked');
    expect(inShort(world.tell(measured, judge))).toBe('unchanged');
    expect(inShort(world.pass(SECOND).tell(measured, judge))).toBe('unchanged');
  });

  it('of the stage before says nothing about the next', () => {
    const world = worldAt('watching').pass(MINUTE);
    const from = world.d.rollout?.stages[0]?.watchedSince ?? 0;
    const measured = { kind: 'measured' as const, reading: reading(from, world.now, { errors: 900 }) };
    world.tell({ kind: 'promote', stage: 1, reason: 'It looks well.' }, dana);
    expect(inShort(world.ask(measured, judge))).toBe('unchanged');
    world.pass(SECOND).shift();
    expect(inShort(world.ask(measured, judge))).toBe('unchanged');
  });

  it.each<Point>(['preparing', 'scheduled', 'shifting', 'held shifting', 'verifying', 'rolling_back'])(
    'says nothing when it is %s',
    (point) => {
      const world = worldAt(point);
      const measured = { kind: 'measured' as const, reading: reading(world.now, world.now + MINUTE) };
      expect(inShort(world.tell(measured, judge))).toBe('unchanged');
    },
  );
});

const BLIND: Parameters<World['look']>[0] = { noData: 'x' };

describe('The observation', () => {
  it('hands over when its time is over', () => {
    const world = worldAt('observing');
    expect(inShort(world.nextLook())).toBe('accepted looked');
    world.pass(DAY - 10 * MINUTE).look();
    expect(inShort(world.nextLook())).toBe('accepted looked handed_over');
    expect(world.d).toMatchObject({ status: 'handed_over', ending: { at: world.now } });
  });

  it('ends on time where its looks do not divide it', () => {
    const world = worldAt('observing', { safeguards: safeguards({ observeFor: 7 * MINUTE }) });
    const since = world.now;
    world.nextLook();
    expect(nextWake(world.d)).toBe(since + 7 * MINUTE);
  });

  it.each<[string, (world: World) => void, string]>([
    [
      'without data for as long as a stage may be',
      (world) => {
        for (let look = 0; look < 2; look += 1) world.nextLook({ noData: 'x' });
        for (let look = 0; look < 9; look += 1) world.nextLook();
        world.nextLook({ noData: 'x' });
      },
      'there was no data for 15 minutes: x',
    ],
    [
      'blind in one long look',
      (world) => world.pass(DAY / 2).look({ noData: 'x' }),
      'there was no data for 12 hours: x',
    ],
    [
      'undecided at its end',
      (world) => world.pass(2 * DAY).look({ n: 5 }),
      'its watch is over and it cannot be judged: ',
    ],
    ['over a bound that holds', (world) => world.pass(HOUR).look({ p99: 2000 }), 'p99'],
  ])('AN-5, MV-2: %s asks people, once, and is never handed over by itself', (_, see, because) => {
    const world = worldAt('observing');
    see(world);
    expect(world.d).toMatchObject({
      status: 'observing',
      rollout: { finalWatch: { unsettled: { because: expect.stringContaining(because) } } },
    });
    world.pass(3 * DAY);
    for (const more of [{}, BLIND, {}]) expect(inShort(world.nextLook(more))).toBe('accepted looked');
    expect(inShort(world.tell({ kind: 'hand_over' }, dana))).toBe('refused reason_needed');
    expect(inShort(world.tell({ kind: 'hand_over', reason: 'The dashboards are fine.' }, dana))).toBe(
      'accepted handed_over',
    );
    expect(world.d.ending).toMatchObject({ reason: 'The dashboards are fine.' });
  });

  it.each(['gold-standard', 'procedures', 'handoff-v1', 'phase-contract'])(
    'AN-5, MV-2: with no baseline beside it is handed over by the rules of %s, for one of them can speak alone',
    (preset) => {
      const { judge: plan } = presetOf(preset).safeguards;
      const world = worldAt('observing', { safeguards: safeguards({ judge: plan }) });
      const alone = (from: number, to: number): Reading => ({
        from,
        to,
        metrics: [
          { metric: 'errors', kind: 'counts', baseline: { n: 0, x: 0 }, canary: { n: 100_000, x: 20 } },
          ...(['p50', 'p99'] as const).map((metric) => ({
            metric,
            kind: 'values' as const,
            unit: 'ms' as const,
            baseline: null,
            canary: 100,
          })),
          ...(['cpu', 'memory'] as const).map((metric) => ({
            metric,
            kind: 'values' as const,
            unit: '%' as const,
            baseline: null,
            canary: 40,
          })),
          { metric: 'queue_depth', kind: 'values', unit: '', baseline: null, canary: 3 },
        ],
      });
      for (let look = 0; look < 300 && world.d.rollout?.finalWatch?.unsettled === undefined; look += 1) {
        if (world.d.status !== 'observing') break;
        const from = world.now;
        world.pass(5 * MINUTE).tell({ kind: 'measured', reading: alone(from, world.now) }, judge);
      }
      const { lastLook, unsettled } = world.d.rollout?.finalWatch ?? {};
      expect([world.d.status, unsettled === undefined]).toEqual(
        lastLook?.verdict === 'pass' ? ['handed_over', true] : ['observing', false],
      );
      // Each preset has a rule that can speak without a second arm: the time after 100 % is not watched blind.
      expect(lastLook?.verdict).toBe('pass');
    },
  );

  it('AN-5: of which a look or two was blind is handed over when it was well to its end', () => {
    const world = worldAt('observing');
    for (const more of [BLIND, {}, BLIND]) world.nextLook(more);
    world.pass(DAY).look();
    expect(world.d.status).toBe('handed_over');
  });

  it('is rolled back where it is bad enough, whatever was asked before', () => {
    const world = worldAt('observing').pass(DAY);
    expect(inShort(world.look({ p99: 2000 }))).toBe('accepted looked observation_unsettled');
    expect(inShort(world.nextLook({ errors: 500 }))).toBe('accepted looked rollback_started');
  });
});

describe('What is asked of the world', () => {
  it.each<{ point: Point; asks: string[] }>([
    { point: 'preparing', asks: [] },
    { point: 'scheduled', asks: ['backend'] },
    { point: 'shifting', asks: ['backend'] },
    { point: 'watching', asks: ['backend', 'metrics'] },
    { point: 'held shifting', asks: ['backend'] },
    { point: 'held watching', asks: ['backend', 'metrics'] },
    { point: 'verifying', asks: ['backend'] },
    { point: 'observing', asks: ['backend', 'metrics'] },
    { point: 'rolling_back', asks: ['backend'] },
    { point: 'rolled_back', asks: [] },
  ])('when it is $point and due: $asks', ({ point, asks }) => {
    const { d } = worldAt(point);
    const due = nextWake(d) ?? Number.POSITIVE_INFINITY;
    expect(questions(d, due).map(({ ask }) => ask)).toEqual(asks);
    if (asks.length > 0) expect(questions(d, due - 1)).toEqual([]);
  });

  it('the windows of a watch follow one another without a gap, the last ending with it', () => {
    const world = worldAt('watching');
    const { watchedSince = 0, watchUntil = 0 } = world.d.rollout?.stages[0] ?? {};
    let reached = watchedSince;
    for (;;) {
      world.now = nextWake(world.d) ?? 0;
      const window = questions(world.d, world.now).find(({ ask }) => ask === 'metrics');
      if (window?.ask !== 'metrics') break;
      expect(window).toMatchObject({ from: reached, to: world.now });
      reached = window.to;
      world.look();
    }
    expect(reached).toBe(watchUntil);
  });

  it('a watch that does not divide into looks still ends on time', () => {
    const plan = {
      strategy: 'odd',
      steps: [
        { kind: 'set-weight' as const, percent: 5 },
        { kind: 'watch' as const, for: 90 * SECOND },
        { kind: 'set-weight' as const, percent: 100 },
      ],
    };
    const world = worldAt('watching', { envelope: envelope({ plan }) });
    const since = world.now;
    expect(nextWake(world.d)).toBe(since + MINUTE);
    world.nextLook();
    expect(nextWake(world.d)).toBe(since + 90 * SECOND);
  });
});
