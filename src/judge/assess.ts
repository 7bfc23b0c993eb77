/** Each metric's own verdict at one look. */

import { evidenceOfMostlyOver, evidenceOfWorse, ratioInterval } from './evidence.ts';
import { figuresOf, type RuleLook } from './rules.ts';
import { requestsIn, seenBy } from './state.ts';
import type { JudgePlan, JudgeState, MetricLook, MetricReading, Verdict } from './types.ts';

/** A pass needs that the data speak no louder than this for "worse". */
export const PASS_BELOW = 2;

/** Where this many requests were to be expected, none at all is no accident. */
export const SURELY_SOME = 5;

export interface Assessment {
  metrics: MetricLook[];
  rules: readonly RuleLook[];
  /** Evidence from which a metric of counts fails. */
  failsFrom: number;
  /** The stage has had no baseline at all: every request goes to the new version. */
  alone: boolean;
  /** Metrics that a rule is about and the reading has not. */
  missing: string[];
}

export function assess(
  plan: JudgePlan,
  after: JudgeState,
  readings: readonly MetricReading[],
  rules: readonly RuleLook[],
): Assessment {
  // Every metric of counts can fail the stage on its evidence, so they share the stage's alpha.
  const failsFrom = Math.max(1, Object.keys(after.totals).length) / plan.alpha;
  const alone = seenBy(after.totals, 'baseline') === 0 && seenBy(after.totals, 'canary') > 0;
  const named = new Set(readings.map(({ metric }) => metric));
  const missing = new Set(plan.rules.map(({ metric }) => metric).filter((metric) => !named.has(metric)));
  const sample = requestsIn(readings);
  const metrics = readings.map((reading): MetricLook => {
    const own = rules.filter(({ rule }) => rule.metric === reading.metric);
    const base = {
      metric: reading.metric,
      kind: reading.kind,
      unit: reading.kind === 'values' ? reading.unit : ('%' as const),
      ...figuresOf(reading),
      ...effect(plan, after, reading, failsFrom),
    };
    const breached = worst(own);
    if (breached !== undefined) return { ...base, verdict: 'fail', breached: breached.rule };
    const verdict =
      reading.kind === 'counts'
        ? countsVerdict(plan, after, reading, base.evidence ?? 0, failsFrom, own)
        : valueVerdict(base, own, sample, alone);
    return { ...base, verdict };
  });
  return { metrics, rules, failsFrom, alone, missing: [...missing] };
}

/** Of the rules that spoke, one that wants to roll back goes first. */
function worst(rules: readonly RuleLook[]): RuleLook | undefined {
  const breached = rules.filter((look) => look.breached);
  return breached.find(({ rule }) => rule.action === 'roll_back') ?? breached[0];
}

/** Odds beyond a billion are a billion: they must stay a number in JSON. */
const MOST = 1e9;

function effect(
  plan: JudgePlan,
  after: JudgeState,
  reading: MetricReading,
  failsFrom: number,
): Pick<MetricLook, 'ratio' | 'interval' | 'evidence'> {
  const logs = after.evidence[reading.metric];
  if (reading.kind === 'values') {
    const { baseline, canary } = reading;
    const ratio = baseline === null || canary === null || baseline === 0 ? undefined : canary / baseline;
    return {
      ...(ratio === undefined ? {} : { ratio }),
      ...(logs === undefined ? {} : { evidence: Math.min(MOST, evidenceOfMostlyOver(logs)) }),
    };
  }
  const { baseline, canary } = after.totals[reading.metric] ?? reading;
  if (baseline.n === 0 || canary.n === 0 || logs === undefined) return {};
  const interval = ratioInterval(logs, plan.margin, 1 / failsFrom);
  return {
    ...(baseline.x === 0 ? {} : { ratio: canary.x / canary.n / (baseline.x / baseline.n) }),
    ...(interval === undefined || baseline.x === 0 ? {} : { interval }),
    evidence: Math.min(MOST, evidenceOfWorse(logs)),
  };
}

function countsVerdict(
  plan: JudgePlan,
  after: JudgeState,
  reading: MetricReading & { kind: 'counts' },
  evidence: number,
  failsFrom: number,
  own: readonly RuleLook[],
): Verdict {
  const total = after.totals[reading.metric];
  if (evidence >= failsFrom) return 'fail';
  if (total === undefined || total.canary.n === 0 || total.canary.n < plan.minRequests) return 'undecided';
  if (total.baseline.n === 0) return spoke(own) ? 'pass' : 'undecided';
  const expected = (total.baseline.n / total.canary.n) * reading.canary.n;
  if (reading.baseline.n === 0 && expected >= SURELY_SOME) return 'undecided';
  return evidence < PASS_BELOW ? 'pass' : 'undecided';
}

function valueVerdict(
  look: Omit<MetricLook, 'verdict'>,
  own: readonly RuleLook[],
  sample: number,
  alone: boolean,
): Verdict {
  if (look.canary === null) return sample > 0 ? 'no_data' : 'undecided';
  const mute = own.length > 0 || alone || look.baseline === null ? !spoke(own) : false;
  const over = own.some((rule) => rule.over) || (look.evidence ?? 0) > 1;
  return mute || over ? 'undecided' : 'pass';
}

/** At least one rule had its sample, and what it compares with. */
export function spoke(rules: readonly RuleLook[]): boolean {
  return rules.some(({ figure }) => figure !== undefined);
}
