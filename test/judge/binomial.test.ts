/** The chance of a count, from one try to more than anybody serves. */

import { expect, it } from 'vitest';
import { binomialCdf } from '../../src/judge/binomial.ts';
import { zOf } from '../../src/judge/counts-verdict.ts';

const COUNTS = [10, 1e3, 1e6, 1e8, 1e9, 3e9, 1e10, 1e11, 1e12, 1e15];
const CHANCES = [0, 1e-12, 1e-9, 1e-6, 1e-3, 0.05, 0.3, 0.5, 0.97, 1];

it.each(COUNTS)('AN-6: of %d tries it is a probability, which rises with the count', (all) => {
  for (const chance of CHANCES) {
    const spread = Math.sqrt(all * chance * (1 - chance));
    let before = 0;
    for (const away of [-6, -3, -1, -0.1, -0.01, -0.003, 0, 0.003, 0.01, 0.1, 1, 3, 6]) {
      const count = Math.min(all, Math.max(0, Math.round(all * chance + away * spread)));
      const now = binomialCdf(count, all, chance);
      const says = `${count} of ${all} at ${chance}`;
      expect(now, says).toBeGreaterThanOrEqual(before - 1e-6);
      expect(now, says).toBeLessThanOrEqual(1);
      before = now;
    }
  }
});

it.each(COUNTS.slice(1))('AN-6: an arm that has just its share of %d errors is no worse', (m) => {
  for (const share of [0.05, 0.3, 0.5])
    expect(Math.abs(zOf({ ...NOTHING, X: m * share, m, expected: m * share }))).toBeLessThan(0.5);
});

const NOTHING = { hn: 0, hd: 0, baseline: { n: 0, x: 0 }, canary: { n: 0, x: 0 } };
