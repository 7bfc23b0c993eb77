/** What is said before a start about what its stages will be able to tell. */

import { describe, expect, it } from 'vitest';
import { addCounts, beginCountsStage, newCounts } from '../../src/judge/counts.ts';
import { forecast, forecastWords, measuredTraffic } from '../../src/judge/forecast.ts';
import type { JudgePlan } from '../../src/judge/types.ts';
import { MINUTE } from '../../src/time.ts';

const PLAN: JudgePlan = {
  alpha: 0.05,
  margin: 1.25,
  harm: 2,
  criteria: [],
  triggers: [],
  metrics: [],
  undecided: { usual: 'go_on', last: 'extend' },
  stages: [],
};

const stage = (percent: number, minutes: number) => ({ percent, watchFor: minutes * MINUTE });

describe('AN-6: power before the start', () => {
  it('is that of the judge: 400 a minute at 1 %, half of them in the canary, take 27 minutes', () => {
    const history = { errors: { counts: { df: 120, S: 120, W: 1_000, J: 120 } } };
    const [half] = forecast({ ...PLAN, history }, { perMinute: 400, errors: 1 }, [stage(50, 30)]);
    expect(half?.needs).toBeGreaterThan(20);
    expect(half?.needs).toBeLessThan(30);
    expect(half?.decides).toBe(true);
  });

  it('says how long it takes beside the stage, and which share would do', () => {
    const words = (perMinute: number, minutes: number) =>
      forecast(PLAN, { perMinute, errors: 1 }, [stage(5, minutes)]).map((one) => forecastWords(PLAN, one));
    expect(words(10_000, 30)).toEqual([
      expect.stringMatching(/^at 5 % a doubling of errors takes \d+ min to exclude, the stage is 30 min$/),
    ]);
    expect(words(1_700, 30)).toEqual([
      expect.stringMatching(
        /^at 5 % a doubling of errors takes \d+ min to exclude, and the stage is 30 min; 10 % would take \d+ min$/,
      ),
    ]);
    expect(words(0.001, 30)).toEqual(['at 5 % a doubling of errors cannot be excluded at this traffic']);
  });

  it('leaves out stages without a watch or a baseline, and shares alpha among what can fail', () => {
    const traffic = { perMinute: 2_000, errors: 1 };
    expect(forecast(PLAN, traffic, [stage(5, 0), stage(100, 30)])).toEqual([]);
    const criteria = [{ metric: 'p99', kind: 'ratio' as const, over: 1.1, minSample: 1 }];
    const [alone] = forecast(PLAN, traffic, [stage(25, 60)]);
    const [shared] = forecast({ ...PLAN, criteria }, traffic, [stage(25, 60)]);
    expect(shared?.needs).toBeGreaterThan(alone?.needs ?? Number.POSITIVE_INFINITY);
  });

  it('takes the traffic from what was measured last, and none where no error was', () => {
    const terms = { alpha: 0.05, margin: 1.25, harm: 2, stages: 1 };
    const counts = newCounts();
    beginCountsStage(counts, 1, terms);
    const state = {
      stage: 1,
      looks: 2,
      noDataLooks: 0,
      until: 0,
      counts: { errors: counts },
      values: {},
      totals: {},
      means: {},
      windows: {},
    };
    expect(measuredTraffic(undefined)).toBeUndefined();
    expect(measuredTraffic(state)).toBeUndefined();
    addCounts(counts, { minutes: 2, baseline: { n: 1_900, x: 0 }, canary: { n: 100, x: 1 } }, terms);
    expect(measuredTraffic(state)).toBeUndefined();
    addCounts(counts, { minutes: 2, baseline: { n: 1_900, x: 19 }, canary: { n: 100, x: 1 } }, terms);
    expect(measuredTraffic(state)).toEqual({ perMinute: 1_000, errors: 0.5 });
  });
});
