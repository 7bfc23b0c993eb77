import { describe, expect, it } from 'vitest';
import { drawsFor } from '../../src/backends/simulator/random.ts';
import { errors, failsAt, looksAt, plan } from './series.ts';

/** Seeded runs of one look a minute; what a run found, and when. */
function runs(count: number, name: string, run: Omit<Parameters<typeof failsAt>[1], 'seed'>) {
  const found = Array.from({ length: count }, (_, index) =>
    failsAt(plan(), { ...run, seed: `${name} ${index}` }),
  );
  const fails = found.filter((look) => look !== undefined).sort((a, b) => a - b);
  return {
    share: fails.length / count,
    median: fails[Math.floor(fails.length / 2)] ?? Number.POSITIVE_INFINITY,
  };
}

describe('the evidence, over many seeded runs', () => {
  it('AN-6: a healthy canary that is looked at 60 times is called worse in at most 3 % of runs', () => {
    expect(
      runs(300, 'healthy', { looks: 60, perMinute: [200, 200], rates: [0.01, 0.01] }).share,
    ).toBeLessThanOrEqual(0.03);
  });

  it('AN-6: errors from 1 to 5 % are found within three looks', () => {
    const { share, median } = runs(100, 'five', { looks: 60, perMinute: [200, 200], rates: [0.01, 0.05] });
    expect(share).toBe(1);
    expect(median).toBeLessThanOrEqual(3);
  });

  it('AN-6: a doubling of errors is found in at least 95 % of runs of 60 looks', () => {
    const { share, median } = runs(200, 'double', { looks: 60, perMinute: [200, 200], rates: [0.01, 0.02] });
    expect(share).toBeGreaterThanOrEqual(0.95);
    expect(median).toBeLessThanOrEqual(20);
  });

  it('AN-6: a canary with a twentieth of the traffic is judged as fairly', () => {
    const healthy = runs(150, 'uneven', { looks: 60, perMinute: [3_800, 200], rates: [0.01, 0.01] });
    const double = runs(100, 'uneven double', { looks: 60, perMinute: [3_800, 200], rates: [0.01, 0.02] });
    expect(healthy.share).toBeLessThanOrEqual(0.03);
    expect(double.share).toBeGreaterThanOrEqual(0.95);
  });

  it('AN-6: the interval holds the true ratio at all looks of at least 95 % of runs', () => {
    let held = 0;
    for (let index = 0; index < 150; index += 1) {
      const windows = Array.from({ length: 40 }, (_, look) => {
        const draw = drawsFor('interval', index, look);
        return [errors([400, draw.binomial(400, 0.01)], [200, draw.binomial(200, 0.018)])];
      });
      const intervals = looksAt(plan({ alpha: 0.05 }), windows).looks.map(
        (look) => look.metrics[0]?.interval,
      );
      expect(intervals.at(-1)).toBeDefined();
      if (intervals.every((interval) => !interval || (interval[0] <= 1.8 && 1.8 <= interval[1]))) held += 1;
    }
    expect(held / 150).toBeGreaterThanOrEqual(0.95);
  });
});
