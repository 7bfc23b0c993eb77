/** The rules of others, as far as the bench compares with them. They ship nowhere. */

import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import type { Counts } from '../../src/judge/dispersion.ts';

/** At a look: was it called worse? */
export type Peer = (looks: readonly Counts[]) => boolean;

/** A pooled two-proportion z-test at 5 % on all so far, at every look. */
export function zAtEachLook(): Peer {
  return (looks) => {
    const sum = looks.reduce(
      (all, { baseline, canary }) => ({
        a: all.a + baseline.n,
        b: all.b + baseline.x,
        c: all.c + canary.n,
        d: all.d + canary.x,
      }),
      { a: 0, b: 0, c: 0, d: 0 },
    );
    const p = (sum.b + sum.d) / (sum.a + sum.c);
    const z = (sum.d / sum.c - sum.b / sum.a) / Math.sqrt(p * (1 - p) * (1 / sum.a + 1 / sum.c));
    return z > 1.645;
  };
}

/** More than 1.5 % of errors in five looks. */
export function flaggerRule(): Peer {
  return (looks) => looks.filter(({ canary }) => canary.n > 0 && canary.x / canary.n > 0.015).length >= 5;
}

const shares = (looks: readonly Counts[], arm: 'baseline' | 'canary'): number[] =>
  looks.map((look) => (look[arm].n === 0 ? 0 : look[arm].x / look[arm].n));

/** From minute 10 on, every five minutes: eleven looks in an hour. */
const isElevenLooks = (minutes: number): boolean => minutes >= 10 && minutes % 5 === 0;

/** One-sided at 5 %, by the normal approximation with ties. */
export function mannWhitneyAtElevenLooks(): Peer {
  return (looks) => {
    if (!isElevenLooks(looks.length)) return false;
    const [canary, baseline] = [shares(looks, 'canary'), shares(looks, 'baseline')];
    return 1 - normalCdf(mannWhitneyZ(canary, baseline), 0, 1) < 0.05;
  };
}

/** Mann-Whitney at 98 % with a tolerance of a quarter of the estimated shift, as canary analysis of Kayenta has it. */
export function kayentaRule(): Peer {
  return (looks) => {
    if (!isElevenLooks(looks.length)) return false;
    const { low, estimate } = shiftInterval(shares(looks, 'canary'), shares(looks, 'baseline'), 0.98);
    return low > 0.25 * Math.abs(estimate);
  };
}

function mannWhitneyZ(one: readonly number[], other: readonly number[], correction = 0.5): number {
  return zOfSorted(ascending(one), ascending(other), correction);
}

const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

/** Once through both, value by value; `shift` is taken from the first. */
function zOfSorted(one: Float64Array, other: Float64Array, correction: number, shift = 0): number {
  const [n, m] = [one.length, other.length];
  const all = n + m;
  let [i, j, u, ties] = [0, 0, 0, 0];
  while (i < n || j < m) {
    const value = Math.min(i < n ? (one[i] ?? 0) - shift : Infinity, j < m ? (other[j] ?? 0) : Infinity);
    const [ofOne, ofOther] = [i, j];
    while (i < n && (one[i] ?? 0) - shift === value) i += 1;
    while (j < m && other[j] === value) j += 1;
    // Those of the first that are here stand over all others before, and beside the others that are here.
    u += (i - ofOne) * (ofOther + (j - ofOther) / 2);
    const alike = i - ofOne + (j - ofOther);
    ties += alike ** 3 - alike;
  }
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  return variance === 0 ? 0 : (u - (n * m) / 2 - correction) / Math.sqrt(variance);
}

/** Hodges–Lehmann shift with its interval: order statistics of all differences, by the exact distribution for few. */
function shiftInterval(
  one: readonly number[],
  other: readonly number[],
  level: number,
): { low: number; high: number; estimate: number } {
  if (one.length * other.length > 400 || hasTies([...one, ...other])) return byNormal(one, other, level);
  const differences = Float64Array.from(one.flatMap((a) => other.map((b) => a - b))).sort();
  const count = differences.length;
  const tail = (1 - level) / 2;
  const rank = Math.max(1, criticalRank(one.length, other.length, tail));
  const half = count >> 1;
  const middle = differences[half] ?? 0;
  return {
    low: differences[rank - 1] ?? 0,
    high: differences[count - rank] ?? 0,
    estimate: count % 2 === 1 ? middle : ((differences[half - 1] ?? 0) + middle) / 2,
  };
}

const hasTies = (values: readonly number[]): boolean => new Set(values).size < values.length;

/** Far below what one error among the requests of a look is. */
const NO_SHIFT = 1e-6;

/** With ties, the shifts at which the normal approximation meets its bounds, as R finds them. */
function byNormal(
  one: readonly number[],
  other: readonly number[],
  level: number,
): { low: number; high: number; estimate: number } {
  const [mine, theirs] = [ascending(one), ascending(other)];
  const [least, most] = [Math.min(...one) - Math.max(...other), Math.max(...one) - Math.min(...other)];
  const shiftAt = (z: number): number => {
    let [low, high] = [least, most];
    for (let step = 0; step < 24; step += 1) {
      const middle = (low + high) / 2;
      if (zOfSorted(mine, theirs, 0, middle) > z) low = middle;
      else high = middle;
    }
    const found = (low + high) / 2;
    if (Math.abs(found) >= NO_SHIFT) return found;
    // Where most figures are alike it ends beside a jump, and how far beside says nothing: only on which side.
    return zOfSorted(mine, theirs, 0) > z ? NO_SHIFT : -NO_SHIFT;
  };
  const z = normalQuantile(1 - (1 - level) / 2, 0, 1);
  return { low: shiftAt(z), high: shiftAt(-z), estimate: shiftAt(0) };
}

function criticalRank(n: number, m: number, tail: number): number {
  const ways = waysOf(n, m);
  const all = ways.reduce((sum, each) => sum + each, 0);
  let [rank, sum] = [0, ways[0] ?? 0];
  while (sum / all < tail) {
    rank += 1;
    sum += ways[rank] ?? 0;
  }
  return rank;
}

/** How many orders of two samples have each value of the statistic. */
function waysOf(n: number, m: number): number[] {
  let rows = Array.from({ length: m + 1 }, () => [1]);
  for (let i = 1; i <= n; i += 1) {
    const next: number[][] = [[1]];
    for (let j = 1; j <= m; j += 1) {
      const [less, before] = [next[j - 1] ?? [], rows[j] ?? []];
      next.push(
        Array.from({ length: i * j + 1 }, (_, u) => (less[u] ?? 0) + (u >= j ? (before[u - j] ?? 0) : 0)),
      );
    }
    rows = next;
  }
  return rows[m] ?? [];
}

/** A two-sided normal-mixture boundary at variance `v`, best at `best`. */
function mixtureBoundary(v: number, logThreshold: number, best: number): number {
  const rho = best / (2 * logThreshold + Math.log(1 + 2 * logThreshold));
  return Math.sqrt((v + rho) * (Math.log(1 + v / rho) + 2 * logThreshold));
}

/** Are they what their authors publish? Throws where not: a bench against a straw man says nothing. */
export function checkPeers(): void {
  const { low, high, estimate } = shiftInterval([10, 20, 30, 40], [1, 2, 3, 4], 0.95);
  if (low !== 6 || high !== 39 || estimate !== 22.5)
    throw new Error(`Mann-Whitney: ${low} to ${high}, ${estimate}`);
  const boundary = mixtureBoundary(100, Math.log(20), 100);
  if (Math.abs(boundary - 30.35209) > 1e-4) throw new Error(`normal mixture: ${boundary}`);
}
