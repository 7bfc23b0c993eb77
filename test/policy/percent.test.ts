/** Figures against their limits, with limits as people write them: no rounding of floating point decides. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyTriggers } from '../../src/judge/rules.ts';
import type { JudgeState, Trigger } from '../../src/judge/types.ts';
import { isOver, reaches } from '../../src/policy/percent.ts';
import { flakyTests, judgeSmoke } from '../../src/policy/smoke.ts';
import type { SmokeTest } from '../../src/terms/smoke.ts';
import { MINUTE } from '../../src/time.ts';
import { plan, rule, value } from '../judge/series.ts';
import { smokeTest } from './smoke-tests.ts';

/** A limit in thousandths of a percent, and as it stands in gonogo.yml: 64100 and 64.1. */
const limits = fc
  .integer({ min: 0, max: 100_000 })
  .map((thousandths) => ({ thousandths, limit: Number(`${thousandths}e-3`) }));
const shares = fc
  .integer({ min: 1, max: 3_000 })
  .chain((whole) => fc.tuple(fc.integer({ min: 0, max: whole }), fc.constant(whole)));

/** In whole numbers alone. */
const isMore = (part: number, whole: number, thousandths: number): boolean =>
  BigInt(part) * 100_000n > BigInt(thousandths) * BigInt(whole);

const smokeTests = (count: number): SmokeTest[] =>
  Array.from({ length: count }, (_, index) => smokeTest(`t${index}`));

describe('a share against its limit is reckoned exactly', () => {
  it('GT-1: of a gate and of whatever else is counted', () => {
    fc.assert(
      fc.property(shares, limits, ([part, whole], { thousandths, limit }) => {
        expect(isOver(part, whole, limit)).toBe(isMore(part, whole, thousandths));
        expect(reaches(part, whole, limit)).toBe(!isMore(whole - part, whole, 100_000 - thousandths));
      }),
      { numRuns: 500 },
    );
  });

  it('SM-2: so many smoke tests may fail as the limit says, and not one more', () => {
    expect(isOver(641, 1_000, 64.1)).toBe(false);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), limits, (count, { thousandths, limit }) => {
        const tests = smokeTests(count);
        for (const bad of [Math.floor((count * limit) / 100), Math.ceil((count * limit) / 100)]) {
          const results = tests.map(({ id }, index) => ({
            test: id,
            outcome: index < bad ? ('failed' as const) : ('passed' as const),
          }));
          const { kind } = judgeSmoke(tests, results, { holdOver: limit });
          expect(kind).toBe(isMore(bad, count, thousandths) ? 'hold' : bad === 0 ? 'pass' : 'watch');
        }
      }),
      { numRuns: 150 },
    );
  });

  it('SM-4: and so is a test that is flaky', () => {
    fc.assert(
      fc.property(shares, limits, ([flaky, runs], { thousandths, limit }) => {
        const named = flakyTests([{ test: 'a', runs, flaky }], { flakyOver: limit });
        expect(named.length === 1).toBe(runs >= 20 && isMore(flaky, runs, thousandths));
      }),
      { numRuns: 300 },
    );
  });
});

describe('AN-2: a figure on its line is not over it', () => {
  const over = (kind: Trigger['kind'], limit: number): Trigger => rule({ metric: 'cpu', kind, over: limit });
  const isBreached = (trigger: Trigger, baseline: number, canary: number): boolean | undefined => {
    const windows: JudgeState['windows'] = { cpu: [[MINUTE, baseline, canary]] };
    const state: JudgeState = {
      stage: 1,
      looks: 1,
      noDataLooks: 0,
      until: MINUTE,
      counts: {},
      values: {},
      totals: {},
      means: {},
      windows,
    };
    const [look] = applyTriggers(plan({ triggers: [trigger] }), state, [value('cpu', baseline, canary, '%')]);
    return look?.breached;
  };
  const hundredths = fc.integer({ min: 1, max: 10_000 });

  it('in points, and as a ratio', () => {
    expect(isBreached(over('points', 0.5), 0.3, 0.8)).toBe(false);
    fc.assert(
      fc.property(hundredths, hundredths, (base, limit) => {
        const of = (value: number): number => Number(`${value}e-2`);
        const points = over('points', of(limit));
        expect(isBreached(points, of(base), of(base + limit))).toBe(false);
        expect(isBreached(points, of(base), of(base + limit + 1))).toBe(true);
        const ratio = over('ratio', of(limit));
        const canary = Number(`${base * limit}e-4`);
        expect(isBreached(ratio, of(base), canary)).toBe(false);
        expect(isBreached(ratio, of(base), Number(`${base * limit + 1}e-4`))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
