/** Chance that repeats: the same words give the same draws, whatever was drawn before. */

import { hash } from 'node:crypto';
import { randomBinomial, randomNormal, randomPoisson } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

export interface Draws {
  poisson(mean: number): number;
  binomial(n: number, p: number): number;
  /** Mean 0, deviation 1. */
  normal(): number;
}

export function drawsFor(...words: (string | number)[]): Draws {
  const seed = hash('sha256', words.join('\n'), 'buffer');
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => seed.readInt32LE(offset)));
  const uniform = () => uniformFloat64(generator);
  return {
    poisson: (mean) => (mean > 0 ? randomPoisson.source(uniform)(mean)() : 0),
    binomial: (n, p) => (n > 0 ? randomBinomial.source(uniform)(n, Math.min(1, p))() : 0),
    normal: randomNormal.source(uniform)(),
  };
}
