/** The judge: one look at both arms, with what it remembers of the stage, to a verdict that gives its reasons. */

import type { Duration, Instant } from '../time.ts';
import { assess, SURELY_SOME } from './assess.ts';
import { conclude } from './conclude.ts';
import { applyRules } from './rules.ts';
import { addReading, requestsIn, seenBy } from './state.ts';
import type { JudgePlan, JudgeState, Look, Reading } from './types.ts';
import { figure } from './words.ts';

export interface JudgeContext {
  stageEndsAt?: Instant;
  lookEvery: Duration;
}

type Data = Exclude<Reading, { noData: string }>;

const START: JudgeState = { looks: 0, noDataLooks: 0, totals: {}, evidence: {}, breaches: [] };

/** Pure, and as costly at the thousandth look of a stage as at the first. Start each stage without a state. */
export function judge(
  plan: JudgePlan,
  state: JudgeState | undefined,
  reading: Reading,
  context: JudgeContext,
): { look: Look; state: JudgeState } {
  const before = state ?? START;
  const critical = 'noData' in reading ? 0 : (reading.criticalErrors ?? 0);
  const silence = critical > 0 ? undefined : silenceIn(before, reading);
  if ('noData' in reading || silence !== undefined) {
    return withoutData(before, reading, 'noData' in reading ? reading.noData : (silence ?? ''));
  }
  const { looks: rules, breaches } = applyRules(
    plan.rules,
    before.breaches,
    reading.metrics,
    requestsIn(reading.metrics),
  );
  const counted = addReading(plan, before, reading.metrics, rules);
  const after: JudgeState = { ...counted, looks: before.looks + 1, breaches };
  const assessment = assess(plan, after, reading.metrics, rules);
  const { verdict, because, action, decidesIn } = conclude(plan, after, assessment, critical, {
    ...context,
    now: reading.to,
  });
  const look: Look = {
    number: after.looks,
    from: reading.from,
    to: reading.to,
    verdict,
    because,
    ...(action === undefined ? {} : { action }),
    metrics: assessment.metrics,
    sample: seenBy(after.totals, 'canary'),
    ...(decidesIn === undefined ? {} : { decidesIn }),
  };
  return { look, state: after };
}

/** Requests that an arm with a hundredth of the traffic would surely have seen some of. */
const PLENTY = 500;

/** Why the reading says nothing, if so; a quiet minute of a quiet service is no silence. */
function silenceIn(before: JudgeState, reading: Reading): string | undefined {
  if ('noData' in reading) return reading.noData;
  if (!hasFigures(reading)) return 'the source answered without a figure for the canary';
  const counts = reading.metrics.filter((metric) => metric.kind === 'counts');
  if (counts.length === 0 || requestsIn(reading.metrics) > 0) return undefined;
  const baseline = Math.max(...counts.map((metric) => metric.baseline.n));
  const expected = expectedRequests(before, baseline);
  if (expected === undefined) {
    return baseline === 0 || baseline >= PLENTY ? 'no request has reached the canary' : undefined;
  }
  return expected < SURELY_SOME
    ? undefined
    : `no request reached the canary, about ${figure(expected)} were expected`;
}

function hasFigures(reading: Data): boolean {
  return reading.metrics.some((metric) => metric.kind === 'counts' || metric.canary !== null);
}

/** What the stage so far lets expect in the canary; undefined while it has seen nothing. */
function expectedRequests(before: JudgeState, baselineNow: number): number | undefined {
  const canary = seenBy(before.totals, 'canary');
  const baseline = seenBy(before.totals, 'baseline');
  if (canary === 0) return undefined;
  if (baseline > 0 && baselineNow > 0) return (canary / baseline) * baselineNow;
  return canary / Math.max(1, before.looks - before.noDataLooks);
}

function withoutData(
  before: JudgeState,
  reading: Reading,
  because: string,
): { look: Look; state: JudgeState } {
  const state = { ...before, looks: before.looks + 1, noDataLooks: before.noDataLooks + 1 };
  const { from, to } = reading;
  const sample = seenBy(before.totals, 'canary');
  return { look: { number: state.looks, from, to, verdict: 'no_data', because, metrics: [], sample }, state };
}
