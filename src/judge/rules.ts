/** The policy's thresholds at one look: who may speak, who is over, and who has been over often enough. */

import type { Duration } from '../time.ts';
import { binomialCdf } from './binomial.ts';
import { seenBy, share, stageFigures } from './figures.ts';
import type { Bound, Criterion, JudgePlan, JudgeState, MetricReading, Trigger, WindowLook } from './types.ts';

export interface TriggerLook {
  rule: Trigger;
  /** What it compared: the canary's figure, its ratio to the baseline, or its distance in points; unset where it
   * could not speak. */
  figure?: number;
  over: boolean;
  /** Of the last looks, how many there are, and how many were over. */
  recent: number;
  hits: number;
  breached: boolean;
}

export interface CriterionLook {
  criterion: Criterion;
  figure?: number;
  /** Unset where it could not speak. */
  met?: boolean;
}

/** The window of a metric with this look, as long as its longest trigger needs; a short last look joins the one before. */
export function remember(
  triggers: readonly Trigger[],
  window: readonly WindowLook[],
  reading: MetricReading,
  length: Duration,
  full: boolean,
): WindowLook[] {
  const longest = Math.max(
    0,
    ...triggers.filter(({ metric }) => metric === reading.metric).map(({ of }) => of),
  );
  if (longest === 0) return [];
  const look: WindowLook =
    reading.kind === 'counts'
      ? [length, reading.baseline.n, reading.baseline.x, reading.canary.n, reading.canary.x]
      : [length, reading.baseline, reading.canary];
  const last = window.at(-1);
  if (full || last === undefined) return [...window, look].slice(-longest);
  return [...window.slice(0, -1), joined(last, look)];
}

function joined(a: WindowLook, b: WindowLook): WindowLook {
  const length = a[0] + b[0];
  if (a.length === 5 && b.length === 5) return [length, a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]];
  const mean = (x: number | null | undefined, y: number | null | undefined): number | null => {
    if (x == null || y == null) return x ?? y ?? null;
    return (x * a[0] + y * b[0]) / length;
  };
  return [length, mean(a[1], b[1]), mean(a[2], b[2])];
}

interface Arms {
  baseline: number | null;
  canary: number | null;
  /** Half an error, or one thing in a queue: a baseline of nothing makes every ratio infinite. */
  least: number;
}

function armsOf(look: WindowLook, unit: string): Arms {
  if (look.length === 3) return { baseline: look[1], canary: look[2], least: unit === '' ? 1 : 0 };
  return countArms({ n: look[1], x: look[2] }, { n: look[3], x: look[4] });
}

function countArms(baseline: { n: number; x: number }, canary: { n: number; x: number }): Arms {
  return { baseline: share(baseline), canary: share(canary), least: baseline.n > 0 ? 50 / baseline.n : 0 };
}

function figureFor({ kind }: Pick<Trigger, 'kind'>, { baseline, canary, least }: Arms): number | undefined {
  if (canary === null) return undefined;
  if (kind === 'absolute') return canary;
  if (baseline === null) return undefined;
  if (kind === 'points') return canary - baseline;
  const normal = Math.max(baseline, least);
  if (normal > 0) return canary / normal;
  return canary > 0 ? Number.POSITIVE_INFINITY : 1;
}

/** All triggers at one look, over their windows: the sample is counted over the last `of` looks together. */
export function applyTriggers(
  plan: JudgePlan,
  state: JudgeState,
  metrics: readonly MetricReading[],
): TriggerLook[] {
  return plan.triggers.map((rule) => {
    const reading = metrics.find(({ metric }) => metric === rule.metric);
    const window = (state.windows[rule.metric] ?? []).slice(-rule.of);
    const unit = reading?.kind === 'values' ? reading.unit : '%';
    const overs = window.map((look) => {
      const figure = figureFor(rule, armsOf(look, unit));
      return figure !== undefined && isBeyond(rule, figure);
    });
    const hits = overs.filter(Boolean).length;
    const silent = { rule, over: false, recent: window.length, hits, breached: false };
    if (reading === undefined || sampleOf(rule, window, state) < rule.minSample) return silent;
    const figure = figureFor(rule, pooled(window, unit));
    if (figure === undefined) return silent;
    const over = isBeyond(rule, figure) && !isChance(rule, window);
    return { ...silent, figure, over, breached: over && hits >= rule.breaches };
  });
}

/** More digits than these are the noise of floating point: 0.8 − 0.3 is 0.5, and not over it. */
const DIGITS = 12;

/** On the wrong side of the line. */
function isBeyond({ over, worse }: Bound, figure: number): boolean {
  const exact = Number(figure.toPrecision(DIGITS));
  return worse === 'lower' ? exact < over : exact > over;
}

/** Counts of a window belong together; of values the last one speaks. */
function pooled(window: readonly WindowLook[], unit: string): Arms {
  const last = window.at(-1);
  if (last === undefined) return { baseline: null, canary: null, least: 0 };
  if (last.length === 3) return armsOf(last, unit);
  return armsOf(window.reduce(joined), unit);
}

function sampleOf({ metric, of }: Trigger, window: readonly WindowLook[], state: JudgeState): number {
  const own = window.reduce((sum, look) => sum + (look.length === 5 ? look[3] : 0), 0);
  if (window.some((look) => look.length === 5)) return own;
  // A value has no sample of its own: that of the requests in the same looks.
  const counts = Object.entries(state.windows).filter(([name]) => name !== metric);
  const sums = counts.map(([, looks]) =>
    looks.slice(-of).reduce((sum, look) => sum + (look.length === 5 ? look[3] : 0), 0),
  );
  const most = Math.max(0, ...sums);
  return most > 0 ? most : seenBy(state.totals, 'canary');
}

/** How often chance alone may put a count over its line at one look: there are hundreds of looks. */
const BY_CHANCE = 0.01;

/**
 * Twice a handful is chance: of the errors of both arms the canary must have more than what lies on the line would give
 * it, the few of a thin baseline counted for what they are.
 */
function isChance({ kind, over, worse }: Trigger, window: readonly WindowLook[]): boolean {
  const sum = window.length === 0 ? undefined : window.reduce(joined);
  if (kind !== 'ratio' || sum?.length !== 5 || sum[1] === 0) return false;
  const [, nb, xb, nc, xc] = sum;
  const share = (over * nc) / (nb + over * nc);
  const all = xb + xc;
  return !isSurelyBeyond(worse, xc, all, share);
}

/** A few too many, or too few, are chance: so many of all, where each counts with this chance, must be rare. */
function isSurelyBeyond(worse: Bound['worse'], count: number, all: number, chance: number): boolean {
  if (worse === 'lower') return binomialCdf(count, all, chance) <= BY_CHANCE;
  return count > 0 && 1 - binomialCdf(count - 1, all, chance) <= BY_CHANCE;
}

/** All criteria over the stage so far. */
export function applyCriteria(plan: JudgePlan, state: JudgeState): CriterionLook[] {
  return plan.criteria.map((criterion) => {
    const total = state.totals[criterion.metric];
    const sample = total?.canary.n ?? seenBy(state.totals, 'canary');
    const arms =
      total === undefined
        ? { ...stageFigures(state, criterion.metric), least: 0 }
        : countArms(total.baseline, total.canary);
    const figure = sample < criterion.minSample ? undefined : figureFor(criterion, arms);
    if (figure === undefined) return { criterion };
    if (!isBeyond(criterion, figure)) return { criterion, figure, met: true };
    const surely =
      total === undefined ||
      criterion.kind !== 'absolute' ||
      isSurelyBeyond(criterion.worse, total.canary.x, total.canary.n, Math.min(1, criterion.over / 100));
    return surely ? { criterion, figure, met: false } : { criterion, figure };
  });
}
