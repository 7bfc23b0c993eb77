/** The policy's threshold rules at one look: who may speak, who is over, and who has been over often enough. */

import type { MetricReading, ThresholdRule } from './types.ts';

export interface RuleLook {
  rule: ThresholdRule;
  /** What it compared: the canary's figure, its ratio to the baseline, or its distance in points; unset where it
   * could not speak. */
  figure?: number;
  over: boolean;
  /** Of the last looks in which it could speak, how many there are, and how many were over. */
  recent: number;
  hits: number;
  breached: boolean;
}

/** A figure of both arms; for counts the share of bad ones in percent. */
export function figuresOf(reading: MetricReading): { baseline: number | null; canary: number | null } {
  if (reading.kind === 'values') return { baseline: reading.baseline, canary: reading.canary };
  return { baseline: shareOf(reading.baseline), canary: shareOf(reading.canary) };
}

function shareOf({ n, x }: { n: number; x: number }): number | null {
  return n === 0 ? null : (100 * x) / n;
}

/**
 * All rules at one look. `sample` is the canary's requests in the window; a look in which a rule could not speak is
 * no look of that rule's.
 */
export function applyRules(
  rules: readonly ThresholdRule[],
  history: readonly (readonly number[])[],
  metrics: readonly MetricReading[],
  sample: number,
): { looks: RuleLook[]; breaches: number[][] } {
  const breaches: number[][] = [];
  const looks = rules.map((rule, index) => {
    const past = history[index] ?? [];
    const reading = metrics.find(({ metric }) => metric === rule.metric);
    const seen = reading?.kind === 'counts' ? reading.canary.n : sample;
    const figure = reading === undefined || seen < rule.minSample ? undefined : figureFor(rule, reading);
    const over = figure !== undefined && figure > rule.over;
    const hitsAndMisses = figure === undefined ? [...past] : [...past, over ? 1 : 0].slice(-rule.of);
    breaches.push(hitsAndMisses);
    const hits = hitsAndMisses.reduce((sum, hit) => sum + hit, 0);
    const breached = over && hits >= rule.breaches;
    const look = { rule, over, recent: hitsAndMisses.length, hits, breached };
    return figure === undefined ? look : { ...look, figure };
  });
  return { looks, breaches };
}

function figureFor(rule: ThresholdRule, reading: MetricReading): number | undefined {
  const { baseline, canary } = figuresOf(reading);
  if (canary === null) return undefined;
  if (rule.kind === 'absolute') return canary;
  if (baseline === null) return undefined;
  if (rule.kind === 'points') return canary - baseline;
  const normal = Math.max(baseline, leastBaseline(reading));
  if (normal > 0) return canary / normal;
  return canary > 0 ? Number.POSITIVE_INFINITY : 1;
}

/** A baseline of zero makes every ratio infinite: half an error, and one thing in a queue, are the least it can be. */
function leastBaseline(reading: MetricReading): number {
  if (reading.kind === 'counts') return reading.baseline.n === 0 ? 0 : 50 / reading.baseline.n;
  return reading.unit === '' ? 1 : 0;
}
