/** What the judge remembers of a stage: sums and log likelihood ratios, of the same size at every look. */

import { addCounts, addSign } from './evidence.ts';
import { figuresOf, type RuleLook } from './rules.ts';
import type { JudgePlan, JudgeState, MetricReading } from './types.ts';

/** The canary's requests in a window: those of the metric that counts the most. */
export function requestsIn(metrics: readonly MetricReading[]): number {
  return Math.max(0, ...metrics.map((metric) => (metric.kind === 'counts' ? metric.canary.n : 0)));
}

/** An arm's requests over the stage. */
export function seenBy(totals: JudgeState['totals'], arm: 'baseline' | 'canary'): number {
  return Math.max(0, ...Object.values(totals).map((total) => total[arm].n));
}

export function addReading(
  plan: JudgePlan,
  before: JudgeState,
  metrics: readonly MetricReading[],
  rules: readonly RuleLook[],
): JudgeState {
  const totals = { ...before.totals };
  const evidence = { ...before.evidence };
  for (const reading of metrics) {
    const { metric } = reading;
    if (reading.kind === 'counts') {
      const { baseline, canary } = reading;
      const sum = totals[metric];
      totals[metric] = {
        baseline: { n: (sum?.baseline.n ?? 0) + baseline.n, x: (sum?.baseline.x ?? 0) + baseline.x },
        canary: { n: (sum?.canary.n ?? 0) + canary.n, x: (sum?.canary.x ?? 0) + canary.x },
      };
      evidence[metric] = addCounts(evidence[metric], plan.margin, reading);
    } else {
      const over = isOver(plan, reading, rules);
      if (over !== undefined) evidence[metric] = addSign(evidence[metric], over);
    }
  }
  return { ...before, totals, evidence };
}

/** Is a value over a rule of the policy, or over the margin where no rule is about it; undefined if nobody can say. */
function isOver(plan: JudgePlan, reading: MetricReading, rules: readonly RuleLook[]): boolean | undefined {
  const own = rules.filter(({ rule }) => rule.metric === reading.metric);
  if (own.length > 0) {
    return own.every(({ figure }) => figure === undefined) ? undefined : own.some(({ over }) => over);
  }
  const { baseline, canary } = figuresOf(reading);
  return baseline === null || canary === null ? undefined : canary > baseline * plan.margin;
}
