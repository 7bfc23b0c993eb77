/** What the judge remembers: sums and log likelihood ratios, of the same size at every look. */

import { defined } from '../defined.ts';
import { type Duration, MINUTE } from '../time.ts';
import { addCounts, beginCountsStage, type CountsTerms, copyCounts, newCounts, unusable } from './counts.ts';
import { remember } from './rules.ts';
import type { JudgedMetric, JudgePlan, JudgeState, MetricReading } from './types.ts';
import { addValue, beginValuesStage, logRatio, newValues, type ValuesTerms } from './values.ts';

/** Where in its plan the deployment is. */
export interface StageOf {
  /** 1 for the first; the watch after the last stage is one more. */
  number: number;
  /** Stages that the deployment has planned to watch. */
  of: number;
}

export const NOTHING: JudgeState = {
  stage: 0,
  looks: 0,
  noDataLooks: 0,
  until: 0,
  counts: {},
  values: {},
  totals: {},
  means: {},
  windows: {},
};

/** Rises in a value up to this many times are let be, and this many must be excluded. */
const VALUE_MARGIN = 1.1;
const VALUE_HARM = 1.25;

/** What the judge holds each metric to. */
export interface Terms {
  counts(metric: string): CountsTerms & Asks;
  /** Undefined where evidence does not judge it: rules alone do. */
  values(metric: string): (ValuesTerms & Asks) | undefined;
}

/** Which side is worse, and what evidence that it is worse asks for. */
type Asks = Pick<JudgedMetric, 'worse' | 'action'>;

export function termsOf(
  plan: JudgePlan,
  stage: StageOf,
  state: JudgeState,
  metrics: readonly MetricReading[],
) {
  const relative = (metric: string): number | undefined => {
    const own = plan.criteria.find((criterion) => criterion.metric === metric && criterion.kind === 'ratio');
    return own?.worse === 'lower' ? 1 / own.over : own?.over;
  };
  const named = (metric: string) => plan.metrics.find(({ name }) => name === metric);
  const judged = (metric: string): boolean => relative(metric) !== undefined || named(metric) !== undefined;
  const failing = new Set([
    ...Object.keys(state.counts),
    ...Object.keys(state.values),
    ...metrics.filter(({ kind, metric }) => kind === 'counts' || judged(metric)).map(({ metric }) => metric),
  ]);
  // Every metric that can fail the deployment takes its part of alpha.
  const alpha = plan.alpha / Math.max(1, failing.size);
  const terms: Terms = {
    counts(metric) {
      const history = plan.history?.[metric]?.counts;
      const { worse = 'higher', action = 'roll_back' } = named(metric) ?? {};
      return {
        alpha,
        margin: Math.max(1.01, relative(metric) ?? plan.margin),
        harm: Math.max(plan.harm, (relative(metric) ?? 1) * 1.01),
        stages: stage.of,
        worse,
        action,
        // Few errors are too few to matter; few orders are not.
        ...(plan.negligible === undefined || worse === 'lower' ? {} : { negligible: plan.negligible / 100 }),
        ...defined({ history }),
      };
    },
    values(metric) {
      if (!judged(metric)) return undefined;
      const history = plan.history?.[metric]?.values;
      const own = named(metric);
      const bound = relative(metric);
      return {
        alpha,
        stages: stage.of,
        failFrom: Math.log(bound ?? VALUE_MARGIN),
        passUnder: Math.log(bound ?? VALUE_HARM),
        worse: own?.worse ?? 'higher',
        action: own?.action ?? 'hold',
        ...defined({ history }),
      };
    },
  };
  return terms;
}

/** The state as the stage begins, or a copy of it; what it was made from stays as it was. */
export function stateIn(before: JudgeState, stage: StageOf, terms: Terms): JudgeState {
  const counts = Object.fromEntries(
    Object.entries(before.counts).map(([key, one]) => [key, copyCounts(one)]),
  );
  const values = Object.fromEntries(
    Object.entries(before.values).map(([key, one]) => [
      key,
      { ...one, all: { ...one.all }, inStage: { ...one.inStage } },
    ]),
  );
  if (before.stage === stage.number) return { ...before, counts, values };
  for (const [metric, one] of Object.entries(counts))
    beginCountsStage(one, stage.number, terms.counts(metric));
  for (const [metric, one] of Object.entries(values)) {
    const own = terms.values(metric);
    if (own !== undefined) beginValuesStage(one, stage.number, own);
  }
  return { ...NOTHING, stage: stage.number, until: before.until, counts, values };
}

/** Adds a window's figures to a state that is its own; answers with what said nothing, and why. */
export function addReading(
  state: JudgeState,
  plan: JudgePlan,
  metrics: readonly MetricReading[],
  length: Duration,
  full: boolean,
  terms: Terms,
): Map<string, string> {
  const silent = new Map<string, string>();
  const totals = { ...state.totals };
  const means = { ...state.means };
  const windows = { ...state.windows };
  for (const reading of metrics) {
    const { metric } = reading;
    const why = addTo(state, reading, length, terms);
    if (why !== undefined) silent.set(metric, why);
    if (why === undefined || alone(reading)) {
      if (reading.kind === 'counts') totals[metric] = plus(totals[metric], reading);
      else means[metric] = plusMean(means[metric], reading);
      windows[metric] = remember(plan.triggers, windows[metric] ?? [], reading, length, full);
    }
  }
  Object.assign(state, { totals, means, windows });
  return silent;
}

/** The canary has figures and the baseline has none: rules can speak, and nothing is compared. */
function alone(reading: MetricReading): boolean {
  if (reading.kind === 'values') return reading.baseline === null && isFigure(reading.canary);
  const { baseline, canary } = reading;
  return baseline.n === 0 && baseline.x === 0 && canary.n > 0 && canary.x >= 0 && canary.x <= canary.n;
}

const isFigure = (value: number | null): value is number => value !== null && Number.isFinite(value);

/** Undefined where it was added, else why it says nothing. */
function addTo(
  state: JudgeState,
  reading: MetricReading,
  length: Duration,
  terms: Terms,
): string | undefined {
  const { metric } = reading;
  if (reading.kind === 'counts') {
    const { baseline, canary } = reading;
    const counts = { minutes: length / MINUTE, baseline, canary };
    const why = unusable(counts);
    if (why !== undefined) return why;
    const own = terms.counts(metric);
    const known = state.counts[metric] ?? newCounts();
    // Fewer in the canary is more in the baseline: the same evidence with the arms changed over.
    const judged = own.worse === 'lower' ? { ...counts, baseline: canary, canary: baseline } : counts;
    if (state.counts[metric] === undefined) beginCountsStage(known, state.stage, own);
    addCounts(known, judged, own);
    state.counts[metric] = known;
    return undefined;
  }
  const { baseline, canary, unit } = reading;
  if (!isFigure(canary)) return 'no figure for the canary';
  if (!isFigure(baseline)) return 'no figure for the baseline';
  if (baseline < 0 || canary < 0) return 'a figure below zero';
  const own = terms.values(metric);
  if (own === undefined) return undefined;
  const known = state.values[metric] ?? newValues();
  if (state.values[metric] === undefined) beginValuesStage(known, state.stage, own);
  const d = logRatio(baseline, canary, reading.floor ?? (unit === '' ? 1 : 0.1));
  addValue(known, own.worse === 'lower' ? -d : d);
  state.values[metric] = known;
  return undefined;
}

function plus(
  total: JudgeState['totals'][string] | undefined,
  { baseline, canary }: MetricReading & { kind: 'counts' },
) {
  const sum = (a: { n: number; x: number } | undefined, b: { n: number; x: number }) => ({
    n: (a?.n ?? 0) + b.n,
    x: (a?.x ?? 0) + b.x,
  });
  return { baseline: sum(total?.baseline, baseline), canary: sum(total?.canary, canary) };
}

function plusMean(
  mean: JudgeState['means'][string] | undefined,
  { baseline, canary }: MetricReading & { kind: 'values' },
) {
  const sum = (a: { n: number; sum: number } | undefined, b: number | null) =>
    isFigure(b) ? { n: (a?.n ?? 0) + 1, sum: (a?.sum ?? 0) + b } : (a ?? { n: 0, sum: 0 });
  return { baseline: sum(mean?.baseline, baseline), canary: sum(mean?.canary, canary) };
}
