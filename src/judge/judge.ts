/** The judge: one look at both arms, with what it remembers of the deployment, to a verdict that gives its reasons. */

import { type Duration, type Instant, MINUTE } from '../time.ts';
import { requestsIn, seenBy } from './figures.ts';
import { addReading, NOTHING, type StageOf, stateIn, termsOf } from './memory.ts';
import { assess } from './metric-verdict.ts';
import { planIn } from './stage-terms.ts';
import type { JudgePlan, JudgeState, Look, Reading } from './types.ts';
import { conclude } from './verdict.ts';
import { figure } from './words.ts';

export interface JudgeContext {
  stage: StageOf;
  stageEndsAt?: Instant;
  lookEvery: Duration;
  /** The old version has its part of the traffic: where its figures are missing, rules alone are no judgement. */
  beside?: boolean;
}

type Data = Exclude<Reading, { noData: string }>;

/** Where this many requests were to be expected, none at all is no accident. */
const SURELY_SOME = 5;
/** Requests that an arm with a hundredth of the traffic would surely have seen some of. */
const PLENTY = 500;

/** Pure, and as costly at the thousandth look of a stage as at the first. The state goes on through all stages. */
export function judge(
  wholePlan: JudgePlan,
  before: JudgeState | undefined,
  reading: Reading,
  context: JudgeContext,
): { look: Look; state: JudgeState } {
  const { stage, stageEndsAt, lookEvery, beside = false } = context;
  const plan = planIn(wholePlan, stage.number);
  const metrics = 'noData' in reading ? [] : reading.metrics;
  const was = before ?? NOTHING;
  const terms = termsOf(plan, stage, was, metrics);
  const state = stateIn(was, stage, terms);
  state.looks += 1;
  const critical = 'noData' in reading ? 0 : (reading.criticalErrors ?? 0);
  const silence = critical > 0 ? undefined : silenceIn(state, reading);
  if (silence !== undefined || 'noData' in reading) {
    state.noDataLooks += 1;
    return { look: withoutData(state, reading, silence ?? 'no figures'), state };
  }
  const length = reading.to - reading.from;
  const full = length >= lookEvery * 0.99;
  const late = reading.from < state.until;
  const silent = late
    ? new Map(metrics.map(({ metric }) => [metric, 'a window that was looked at before']))
    : addReading(state, plan, metrics, length, full, terms);
  state.until = Math.max(state.until, reading.to);
  const minutes = ((state.looks - state.noDataLooks) * lookEvery) / MINUTE;
  const plannedEnd = stageEndsAt !== undefined && reading.to >= stageEndsAt;
  const assessed = assess(plan, state, metrics, silent, terms, { minutes, plannedEnd, beside });
  if (critical === 0 && assessed.every(({ look }) => look.noData !== undefined)) {
    const why = assessed[0]?.look.noData;
    if (!isQuiet(state, reading)) {
      state.noDataLooks += 1;
      return { look: withoutData(state, reading, why ?? 'the source answered without a figure'), state };
    }
  }
  const sample = seenBy(state.totals, 'canary');
  const conclusion = critical > 0 ? onCriticalErrors(critical) : conclude(plan, assessed, sample);
  const { from, to } = reading;
  const looks = assessed.map(({ look }) => look);
  return { look: { number: state.looks, from, to, ...conclusion, metrics: looks, sample }, state };
}

function onCriticalErrors(critical: number) {
  const what = critical === 1 ? '1 critical error' : `${figure(critical)} critical errors`;
  return { verdict: 'fail' as const, because: `${what} in the canary's log`, action: 'roll_back' as const };
}

/** Why the reading says nothing, if so; a quiet minute of a quiet service is no silence. */
function silenceIn(state: JudgeState, reading: Reading): string | undefined {
  if ('noData' in reading) return reading.noData;
  if (!(reading.to > reading.from)) return 'a window that ends before it begins';
  if (!hasFigures(reading)) return 'the source answered without a figure for the canary';
  const counts = reading.metrics.filter((metric) => metric.kind === 'counts');
  if (counts.length === 0 || requestsIn(reading.metrics) > 0) return undefined;
  if (counts.some(({ canary }) => canary.n !== 0)) return undefined;
  const baseline = Math.max(...counts.map((metric) => metric.baseline.n));
  const expected = expectedRequests(state, baseline);
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

/** A look at a service so quiet that nothing was to be expected. */
function isQuiet(state: JudgeState, reading: Data): boolean {
  const counts = reading.metrics.filter((metric) => metric.kind === 'counts');
  if (counts.length === 0) return false;
  const quiet = counts.every(({ baseline, canary }) => canary.n === 0 || baseline.n === 0);
  const baseline = Math.max(...counts.map((metric) => metric.baseline.n));
  return quiet && (expectedRequests(state, baseline) ?? 0) < SURELY_SOME && baseline < PLENTY;
}

/** What the stage so far lets expect in the canary; undefined while it has seen nothing. */
function expectedRequests(state: JudgeState, baselineNow: number): number | undefined {
  const canary = seenBy(state.totals, 'canary');
  const baseline = seenBy(state.totals, 'baseline');
  if (canary === 0) return undefined;
  if (baseline > 0 && baselineNow > 0) return (canary / baseline) * baselineNow;
  return canary / Math.max(1, state.looks - 1 - state.noDataLooks);
}

function withoutData(state: JudgeState, { from, to }: Reading, because: string): Look {
  const sample = seenBy(state.totals, 'canary');
  return { number: state.looks, from, to, verdict: 'no_data', because, metrics: [], sample };
}
