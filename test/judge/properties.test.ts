/** What holds for any series of counts. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCounts,
  beginCountsStage,
  type CountsTerms,
  newCounts,
  unusable,
} from '../../src/judge/counts.ts';
import { answerCounts, type CountsAnswer } from '../../src/judge/counts-verdict.ts';
import type { Counts } from '../../src/judge/dispersion.ts';
import { learnCounts, learnValues } from '../../src/judge/history.ts';
import { addValue, newValues } from '../../src/judge/values.ts';

const TERMS: CountsTerms = { alpha: 0.05, margin: 1.25, harm: 2, stages: 1 };

const arm = fc
  .integer({ min: 50, max: 5_000 })
  .chain((n) => fc.record({ n: fc.constant(n), x: fc.integer({ min: 0, max: Math.ceil(n / 20) }) }));
const interval: fc.Arbitrary<Counts> = fc.record({ minutes: fc.constant(1), baseline: arm, canary: arm });
const series = fc.array(interval, { minLength: 5, maxLength: 30 });

function answer(intervals: readonly Counts[], terms = TERMS): CountsAnswer {
  const state = newCounts();
  beginCountsStage(state, 1, terms);
  for (const one of intervals) addCounts(state, one, terms);
  return answerCounts(state, terms, true);
}

describe('AN-6: for any series', () => {
  it('more errors in the canary, spread as they were, never weaken a fail', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 5 }), (intervals, times) => {
        const before = answer(intervals);
        fc.pre(before.verdict === 'fail');
        const worse = intervals.map(({ minutes, baseline, canary }) => ({
          minutes,
          baseline,
          canary: { n: canary.n, x: Math.min(canary.n, canary.x * times) },
        }));
        expect(answer(worse).verdict).toBe('fail');
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('scaling both arms keeps the direction', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 10 }), (intervals, times) => {
        const scaled = intervals.map(({ minutes, baseline, canary }) => ({
          minutes,
          baseline: { n: baseline.n * times, x: baseline.x * times },
          canary: { n: canary.n * times, x: canary.x * times },
        }));
        const [before, after] = [answer(intervals), answer(scaled)];
        fc.pre(Math.abs(Math.log(before.ratio)) > 0.05);
        expect(Math.sign(Math.log(after.ratio))).toBe(Math.sign(Math.log(before.ratio)));
        if (before.verdict === 'fail') expect(after.verdict).not.toBe('pass');
        if (before.verdict === 'pass') expect(after.verdict).not.toBe('fail');
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('splitting every interval in two equal halves changes nothing', () => {
    fc.assert(
      fc.property(series, (intervals) => {
        const doubled = intervals.map(({ baseline, canary }) => ({
          minutes: 1,
          baseline: { n: 2 * baseline.n, x: 2 * baseline.x },
          canary: { n: 2 * canary.n, x: 2 * canary.x },
        }));
        const halves = intervals.flatMap((one) => [
          { ...one, minutes: 0.5 },
          { ...one, minutes: 0.5 },
        ]);
        const [whole, split] = [answer(doubled), answer(halves)];
        expect(split.verdict).toBe(whole.verdict);
        expect(split.logEvidence).toBeCloseTo(whole.logEvidence, 6);
        expect(split.logExcluded).toBeCloseTo(whole.logExcluded, 6);
        expect(split.ratio).toBeCloseTo(whole.ratio, 9);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('a rise that both arms share says nothing, whatever the split', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20 }), (rate, split) => {
        const same = Array.from({ length: 30 }, () => ({
          minutes: 1,
          baseline: { n: 1_000 * split, x: rate * split },
          canary: { n: 1_000, x: rate },
        }));
        expect(answer(same).verdict).not.toBe('fail');
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('AN-5: what is no count says why', () => {
    const good = { minutes: 1, baseline: { n: 100, x: 1 }, canary: { n: 100, x: 1 } };
    expect(unusable(good)).toBeUndefined();
    const bad = fc.constantFrom<Counts>(
      { ...good, canary: { n: 0, x: 0 } },
      { ...good, baseline: { n: 0, x: 0 } },
      { ...good, canary: { n: 5, x: 6 } },
      { ...good, canary: { n: -5, x: 0 } },
      { ...good, baseline: { n: Number.NaN, x: 0 } },
    );
    fc.assert(
      fc.property(bad, (counts) => {
        expect(unusable(counts)).toMatch(/\w/);
      }),
    );
  });

  it('history fades, and a level that differs for good is no wandering', () => {
    const blocks = { mean: 0, W: 100, S: 20, S1: 0, J: 11, last: 0 };
    const first = learnCounts(undefined, blocks);
    expect(first).toEqual({ df: 10, S: 20, W: 100, J: 11 });
    expect(learnCounts(first, blocks)?.df).toBeCloseTo(19);
    expect(learnCounts(first, { ...blocks, J: 1 })).toEqual(first);
    const values = newValues();
    for (let look = 0; look < 20; look += 1) addValue(values, 0.5);
    expect(learnValues(undefined, values.all)?.squares).toBeCloseTo(0, 9);
  });
});
