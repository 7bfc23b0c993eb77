/** How likely it is that so many of a number of tries come out bad. */

import exactCdf from '@stdlib/stats-base-dists-binomial-cdf';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';

/** From here on the exact sum loses its digits near the middle, and at 1e11 answers 1.8 for a probability. */
const MANY = 1e9;
/** The bell is as good as exact with so many expected of both kinds. */
const ENOUGH = 1e4;

/** That at most `count` of `all` are bad, where each is with `chance`. */
export function binomialCdf(count: number, all: number, chance: number): number {
  const expected = all * chance;
  if (all < MANY || expected < ENOUGH || all - expected < ENOUGH) return exactCdf(count, all, chance);
  return normalCdf((count + 0.5 - expected) / Math.sqrt(expected * (1 - chance)), 0, 1);
}
