/** Business metrics: of some lower is worse, whether they are counted or measured. */

import { describe, expect, it } from 'vitest';
import type { MetricReading } from '../../src/judge/types.ts';
import { errors, looksAt, plan, rule, value } from './series.ts';

const HEALTHY = errors([4_000, 8], [1_000, 2]);
const FEWER = { name: 'orders', worse: 'lower', action: 'roll_back' } as const;
const judged = (more = {}) => plan({ metrics: [{ ...FEWER, ...more }] });

/** Of the visits of each arm, so many ordered. */
const orders = (baseline: [number, number], canary: [number, number]): MetricReading => ({
  ...errors(baseline, canary),
  metric: 'orders',
});
const often = (metrics: MetricReading[], looks = 30) => Array.from({ length: looks }, () => metrics);

describe('AN-6: a metric of which lower is worse', () => {
  it('fails on evidence of fewer, with the ratio as it is', () => {
    const { last } = looksAt(judged(), often([HEALTHY, orders([4_000, 120], [1_000, 15])]));
    expect(last).toMatchObject({ verdict: 'fail', action: 'roll_back' });
    expect(last.because).toMatch(
      /^orders 0\.5\d?× baseline \(0\.\d+–0\.\d+×\), over 1,000 : 1 that it is worse$/,
    );
    const own = last.metrics.find(({ metric }) => metric === 'orders');
    expect(own?.interval?.[0]).toBeLessThan(own?.interval?.[1] ?? 0);
  });

  it('does not fail on more', () => {
    const { last } = looksAt(judged(), often([HEALTHY, orders([4_000, 120], [1_000, 60])]));
    expect(last.verdict).not.toBe('fail');
    expect(last.metrics.find(({ metric }) => metric === 'orders')?.verdict).toBe('pass');
  });

  it('asks for what the policy says: a hold where nothing else is written', () => {
    const { last } = looksAt(judged({ action: 'hold' }), often([HEALTHY, orders([4_000, 120], [1_000, 15])]));
    expect(last).toMatchObject({ verdict: 'fail', action: 'hold' });
  });

  it('never passes for being few: what is negligible is said of errors', () => {
    const none = often([HEALTHY, orders([100_000, 2], [100_000, 0])]);
    const { last } = looksAt({ ...judged(), negligible: 0.1 }, none);
    expect(last.metrics.find(({ metric }) => metric === 'orders')?.verdict).not.toBe('pass');
  });

  it('says what is excluded as a fall', () => {
    const { last } = looksAt(judged(), often([HEALTHY, orders([4_000, 120], [1_000, 30])], 60));
    expect(last.metrics.find(({ metric }) => metric === 'orders')).toMatchObject({
      worse: 'lower',
      verdict: 'pass',
    });
  });

  it('a rule may draw its line under it', () => {
    const under = rule({ metric: 'revenue', kind: 'ratio', over: 0.8, worse: 'lower' });
    const { last } = looksAt(plan({ triggers: [under] }), [[HEALTHY, value('revenue', 100, 74, '')]]);
    expect(last).toMatchObject({
      verdict: 'fail',
      because: 'revenue 74 % of baseline, under 80 %',
    });
    const { last: fine } = looksAt(plan({ triggers: [under] }), [[HEALTHY, value('revenue', 100, 174, '')]]);
    expect(fine.verdict).not.toBe('fail');
  });

  it('a rule of one stage acts in that stage alone', () => {
    const strict = rule({ metric: 'cpu', kind: 'absolute', over: 50, action: 'hold' });
    const high = often([HEALTHY, value('cpu', 45, 60, '%')], 1);
    expect(looksAt(plan({ stages: [{ stage: 1, triggers: [strict] }] }), high).last.verdict).toBe('fail');
    expect(looksAt(plan({ stages: [{ stage: 2, triggers: [strict] }] }), high).last.verdict).not.toBe('fail');
  });

  it('AN-3: twice the errors is chance where both arms have next to none', () => {
    const twice = rule({ metric: 'errors', kind: 'ratio', over: 2, breaches: 1, of: 5, minSample: 1_000 });
    const few = (x: number, b = 0) => [[errors([3_750, b], [1_250, x])]];
    for (const x of [1, 2, 3, 4])
      expect(looksAt(plan({ triggers: [twice], alpha: 1e-6 }), few(x)).last.verdict).not.toBe('fail');
    expect(looksAt(plan({ triggers: [twice], alpha: 1e-6 }), few(12, 3)).last.verdict).toBe('fail');
  });
});
