import { describe, expect, it } from 'vitest';
import { beforeAndAfter } from '../../src/deployment/rollout/before-and-after.ts';
import type { MetricLook } from '../../src/judge/types.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import { verificationLine, verificationTable } from '../../views/verification.ts';
import { inShort, safeguards } from './builders.ts';
import { type World, worldAt } from './world.ts';

const usual = safeguards();

/** In the observation, with what was measured before and since. */
function measured(
  metric: string,
  before: number | null,
  after: number | null,
  more: Partial<MetricLook> = {},
) {
  const judge = {
    ...usual.judge,
    metrics: [{ name: 'orders', worse: 'lower' as const, action: 'hold' as const }],
  };
  const world = worldAt('observing', { safeguards: safeguards({ judge }) });
  world.nextLook();
  const look = (baseline: number | null, canary: number | null): MetricLook => ({
    metric,
    kind: 'values',
    unit: 'ms',
    baseline,
    canary,
    last: { baseline, canary },
    verdict: 'pass',
    ...more,
  });
  const { rollout } = world.d;
  if (rollout?.finalWatch?.lastLook === undefined) throw new Error('it was not looked at');
  for (const stage of rollout.stages)
    stage.lastLook = { ...rollout.finalWatch.lastLook, metrics: [look(before, 1)] };
  rollout.finalWatch.lastLook.metrics = [look(null, after)];
  return world.d;
}

describe('MV-1: figures before and since', () => {
  it.each<[string, number | null, number | null, Partial<MetricLook>, string, string]>([
    ['p99', 300, 329, {}, 'same', '✅ as before'],
    ['p99', 300, 331, {}, 'worse', '🟡 over 10 % worse'],
    ['p99', 300, 260, {}, 'better', '✅ better'],
    ['orders', 100, 80, { unit: '' }, 'worse', '🟡 over 10 % worse'],
    ['orders', 100, 120, { unit: '' }, 'better', '✅ better'],
    ['p99', null, 300, {}, 'unknown', '❔ not known'],
    ['p99', 300, null, {}, 'unknown', '❔ not known'],
    ['queue_depth', 0, 4, { unit: '' }, 'worse', '🟡 over 10 % worse'],
    // What is too small to matter is not made large by a ratio.
    ['errors', 0.1, 0.3, { kind: 'counts', unit: '%' }, 'same', '✅ as before'],
    ['errors', 0.2, 0.6, { kind: 'counts', unit: '%' }, 'worse', '🟡 over 10 % worse'],
  ])('%s from %j to %j', (metric, before, after, more, status, cell) => {
    const d = measured(metric, before, after, more);
    expect(beforeAndAfter(d)).toMatchObject([{ metric, before, after, status }]);
    const [table] = verificationTable(d);
    expect(table?.rows[1]?.[1]).toMatchObject({ text: cell });
  });

  it('MV-4: errors of 1 % are too many, whatever they were before', () => {
    const d = measured('errors', 1, 1, { kind: 'counts', unit: '%' });
    expect(beforeAndAfter(d)).toMatchObject([{ status: 'same', over: 1 }]);
    expect(verificationLine(d)).toBe('errors 1 % (before 1 %, over the baseline of 1 %)');
  });
});

describe('MV-3: an hour after it is complete', () => {
  const complete = (): World => worldAt('observing', { safeguards: safeguards({ allClearAfter: HOUR }) });
  const lookedAt = (world: World, looks: number): World => {
    for (let look = 0; look < looks; look += 1) world.nextLook();
    return world;
  };

  it('all is clear where nothing fired, which is said once', () => {
    const world = complete();
    const since = world.now;
    expect(inShort(lookedAt(world, 11).wake())).toBe('unchanged');
    expect(inShort(lookedAt(world, 1).wake())).toBe('accepted all_clear');
    expect(world.d.rollout?.finalWatch?.allClear).toEqual({ at: since + HOUR });
    expect(inShort(lookedAt(world, 12).wake())).toBe('unchanged');
  });

  it('is not all clear where it was blind for a while, or nothing was measured at all', () => {
    const blind = complete();
    blind.nextLook({ noData: 'gone' });
    expect(inShort(lookedAt(blind, 11).wake())).toBe('accepted all_clear');
    expect(blind.d.rollout?.finalWatch?.allClear?.withheld).toBe('there was no data for 5 minutes');
    const unseen = complete();
    expect(inShort(unseen.pass(HOUR).wake())).toBe('accepted all_clear');
    expect(unseen.d.rollout?.finalWatch?.allClear?.withheld).toBe('nothing was measured since');
  });

  it('people who were asked to decide are not told once more', () => {
    const world = complete();
    world.pass(10 * MINUTE);
    for (let look = 0; look < 6; look += 1) world.nextLook({ p99: 2000 });
    expect(world.d.rollout?.finalWatch?.unsettled).toBeDefined();
    expect(inShort(world.pass(HOUR).wake())).toBe('unchanged');
  });
});

it('MV-2: a regression in the observation asks, or goes back where the policy says so', () => {
  const ending = (onRegression: 'ask' | 'roll_back') => {
    const world = worldAt('observing', { safeguards: safeguards({ onRegression }) });
    const seen: string[] = [];
    for (let look = 0; look < 6 && world.d.status === 'observing'; look += 1)
      seen.push(inShort(world.nextLook({ p99: 2000 })));
    return seen.filter((one) => one !== 'accepted looked');
  };
  expect(ending('ask')).toEqual(['accepted looked observation_unsettled']);
  expect(ending('roll_back')).toEqual(['accepted looked rollback_started']);
});
