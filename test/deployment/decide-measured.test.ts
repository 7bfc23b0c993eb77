/** What the metrics decide, and when they are asked; where they cannot, a person is (AN-5). */

import { describe, expect, it } from 'vitest';
import { nextWake, questions } from '../../src/deployment/next-wake.ts';
import { DAY, MINUTE, SECOND } from '../../src/time.ts';
import { dana, envelope, inShort, judge, reading, safeguards } from './builders.ts';
import { type Point, worldAt } from './world.ts';

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

  it('holds when the watch is over and nobody can say yet', () => {
    const world = worldAt('watching').pass(30 * MINUTE);
    expect(inShort(world.look({ n: 20, errors: 0 }))).toBe('accepted looked held');
    expect(world.d.rollout?.hold?.reason).toMatch(/cannot be judged: 20 of 300 requests/);
  });

  it('forgets after a resume how often a rule was over, for a person has looked at that', () => {
    const { judge: plan, ...rest } = safeguards();
    const rules = plan.rules.map((rule) => ({ ...rule, breaches: 2, of: 3 }));
    const world = worldAt('watching', { safeguards: { ...rest, judge: { ...plan, rules } } });
    world.nextLook({ p99: 2000 });
    expect(inShort(world.nextLook({ p99: 2000 }))).toBe('accepted looked held');
    world.tell({ kind: 'resume' }, dana);
    expect(inShort(world.nextLook({ p99: 2000 }))).toBe('accepted looked');
    expect(inShort(world.nextLook({ p99: 2000 }))).toBe('accepted looked held');
  });

  it('counts missing data anew after a resume', () => {
    const world = worldAt('watching');
    for (let look = 0; look < 3; look += 1) world.nextLook({ noData: 'x' });
    world.tell({ kind: 'resume' }, dana);
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
    world.tell({ kind: 'promote', stage: 1 }, dana);
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

  it('AN-5: goes on while there is no data, until there is some', () => {
    const world = worldAt('observing').pass(2 * DAY);
    expect(inShort(world.look({ noData: 'x' }))).toBe('accepted looked');
    expect(inShort(world.nextLook({ noData: 'x' }))).toBe('accepted looked');
    expect(inShort(world.nextLook())).toBe('accepted looked handed_over');
  });

  it('goes on while it looks worse, and rolls back where it is bad enough', () => {
    const world = worldAt('observing').pass(DAY);
    expect(inShort(world.look({ p99: 2000 }))).toBe('accepted looked');
    expect(world.d.status).toBe('observing');
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
