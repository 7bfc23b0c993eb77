/** Chance that repeats, for what is played before it happens: the same seed draws the same, in the same order. */

import { randomBinomial, randomNormal, randomPoisson } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Draws {
  poisson(mean: number): number;
  binomial(n: number, p: number): number;
  /** Mean 0, deviation 1. */
  normal(): number;
}

export function drawsFrom(seed: number): Draws {
  const generator = xoroshiro128plus(seed);
  const uniform = (): number => uniformFloat64(generator);
  return {
    poisson: (mean) => (mean > 0 ? randomPoisson.source(uniform)(mean)() : 0),
    binomial: (n, p) => (n > 0 ? randomBinomial.source(uniform)(n, Math.min(1, p))() : 0),
    normal: randomNormal.source(uniform)(),
  };
}
