/** What both arms measured, in one look and over a stage. */

import type { JudgeState, MetricReading } from './types.ts';

/** The canary's requests in a window: those of the metric that counts the most. */
export function requestsIn(metrics: readonly MetricReading[]): number {
  return Math.max(0, ...metrics.map((one) => (one.kind === 'counts' && one.canary.n > 0 ? one.canary.n : 0)));
}

/** An arm's requests over the stage. */
export function seenBy(totals: JudgeState['totals'], arm: 'baseline' | 'canary'): number {
  return Math.max(0, ...Object.values(totals).map((total) => total[arm].n));
}

/** Figures of the whole stage; for counts the share of bad ones in percent. */
export function stageFigures(
  state: JudgeState,
  metric: string,
): { baseline: number | null; canary: number | null } {
  const total = state.totals[metric];
  if (total !== undefined) return { baseline: share(total.baseline), canary: share(total.canary) };
  const mean = state.means[metric];
  return { baseline: average(mean?.baseline), canary: average(mean?.canary) };
}

export function share({ n, x }: { n: number; x: number }): number | null {
  return n > 0 ? (100 * x) / n : null;
}

function average(mean: { n: number; sum: number } | undefined): number | null {
  return mean === undefined || mean.n === 0 ? null : mean.sum / mean.n;
}

/** A figure of both arms in one look; for counts the share of bad ones in percent. */
export function figuresOf(reading: MetricReading): { baseline: number | null; canary: number | null } {
  if (reading.kind === 'values') return { baseline: reading.baseline, canary: reading.canary };
  return { baseline: share(reading.baseline), canary: share(reading.canary) };
}
