/** Each metric's own verdict at one look. */

import { defined, given } from '../defined.ts';
import { type Duration, MINUTE } from '../time.ts';
import { rateRatio } from './counts.ts';
import { excludedFrom, intervalOf, minutesToDecide } from './counts-outlook.ts';
import { answerCounts, type CountsAnswer } from './counts-verdict.ts';
import { figuresOf, stageFigures } from './figures.ts';
import type { Terms } from './memory.ts';
import { smallestFound } from './power.ts';
import { applyCriteria, applyTriggers, type CriterionLook, type TriggerLook } from './rules.ts';
import type { JudgePlan, JudgeState, MetricLook, MetricReading, Verdict } from './types.ts';
import { answerValues } from './values.ts';

/** A metric with what its look does not show. */
export interface Assessed {
  look: MetricLook;
  triggers: readonly TriggerLook[];
  criteria: readonly CriterionLook[];
  /** What a fail on evidence asks for. */
  action: 'roll_back' | 'hold';
  /** Evidence judges it: it cannot pass on rules alone while there is a baseline. */
  judged: boolean;
  /** ln of the evidence that it is worse, which the deployment as a whole and its stages have together. */
  loudest: number;
  /** Minutes until it can decide. */
  decides?: number;
  /** The new version has all traffic: nothing to compare with. */
  alone: boolean;
  /** Not even a small rise is possible. */
  clear: boolean;
}

/** Odds beyond a billion are a billion: they must stay a number in JSON. */
const MAX_FIGURE = 1e9;
const odds = (log: number): number => short(Math.min(MAX_FIGURE, Math.exp(Math.min(log, 700))));

/** Six figures are more than anybody reads. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}

function shortArms({ baseline, canary }: { baseline: number | null; canary: number | null }) {
  return {
    baseline: baseline === null ? null : short(baseline),
    canary: canary === null ? null : short(canary),
  };
}

export interface Circumstances {
  /** Minutes of the stage that were measured. */
  minutes: number;
  /** This look ends the stage as it was planned. */
  plannedEnd: boolean;
  /** There is a baseline to be measured. */
  beside: boolean;
}

export function assess(
  plan: JudgePlan,
  state: JudgeState,
  metrics: readonly MetricReading[],
  silent: ReadonlyMap<string, string>,
  terms: Terms,
  how: Circumstances,
): Assessed[] {
  const triggers = applyTriggers(plan, state, metrics);
  const criteria = applyCriteria(plan, state);
  return metrics.map((reading) => {
    const { metric } = reading;
    const own = {
      triggers: triggers.filter(({ rule }) => rule.metric === metric),
      criteria: criteria.filter(({ criterion }) => criterion.metric === metric),
    };
    const figures = { ...shortArms(stageFigures(state, metric)), last: shortArms(figuresOf(reading)) };
    const unit = reading.kind === 'values' ? reading.unit : ('%' as const);
    const lower = plan.metrics.some(({ name, worse }) => name === metric && worse === 'lower');
    const base = {
      metric,
      kind: reading.kind,
      unit,
      ...(lower ? { worse: 'lower' as const } : {}),
      ...figures,
    };
    const judged =
      reading.kind === 'counts'
        ? judgedCounts(state, metric, terms, how)
        : judgedValues(state, metric, terms);
    const alone = !how.beside && isAlone(state, metric);
    const why = alone ? undefined : silent.get(metric);
    const verdict = verdictOf(judged?.verdict, own, { alone, why, canary: figures.canary });
    const breached = worst(own.triggers)?.rule;
    const unmet = own.criteria.find(({ met }) => met === false)?.criterion;
    const look: MetricLook = {
      ...base,
      ...(judged === undefined || alone ? {} : judged.shown),
      ...(judged?.decides === undefined || alone ? {} : { decidesIn: wholeMinutes(judged.decides) }),
      verdict,
      ...defined({ breached, unmet, noData: why }),
    };
    return {
      look,
      ...own,
      action: judged?.action ?? 'hold',
      judged: judged !== undefined || (reading.kind === 'counts' && !alone),
      loudest: judged?.loudest ?? 0,
      ...defined({ decides: judged?.decides }),
      alone,
      clear: judged?.clear ?? true,
    };
  });
}

const wholeMinutes = (minutes: number): Duration => Math.max(1, Math.ceil(minutes)) * MINUTE;

function isAlone(state: JudgeState, metric: string): boolean {
  const total = state.totals[metric];
  if (total !== undefined) return total.baseline.n === 0 && total.canary.n > 0;
  const mean = state.means[metric];
  return mean !== undefined && mean.baseline.n === 0 && mean.canary.n > 0;
}

interface Judged {
  verdict: CountsAnswer['verdict'];
  shown: Pick<MetricLook, 'ratio' | 'interval' | 'evidence' | 'excluded' | 'wouldShow'>;
  action: 'roll_back' | 'hold';
  loudest: number;
  decides?: number | undefined;
  clear: boolean;
}

function judgedCounts(
  state: JudgeState,
  metric: string,
  terms: Terms,
  how: Circumstances,
): Judged | undefined {
  const own = state.counts[metric];
  if (own === undefined) return undefined;
  const held = terms.counts(metric);
  const answer = answerCounts(own, held, how.plannedEnd);
  const interval = intervalOf(own, held);
  const excluded = excludedFrom(own, held);
  const { baseline, canary } = own.inStage;
  const shows =
    answer.verdict === 'undecided' && how.minutes > 0
      ? smallestFound(
          {
            baseline: baseline.n / how.minutes,
            canary: canary.n / how.minutes,
            errors: (own.all.baseline.x + 0.5) / Math.max(1, own.all.baseline.n),
          },
          held.alpha,
          how.minutes,
          held.history,
        )
      : undefined;
  const toward = (ratio: number): number => short(held.worse === 'lower' ? 1 / ratio : ratio);
  const ends = interval?.map(toward).sort((a, b) => a - b);
  return {
    verdict: answer.verdict,
    shown: {
      ...(own.inStage.m > 0 ? { ratio: toward(rateRatio(own.inStage)) } : {}),
      ...(ends === undefined ? {} : { interval: [ends[0] ?? 0, ends[1] ?? 0] }),
      evidence: odds(answer.logEvidence),
      ...defined({ excluded: given(excluded, short), wouldShow: shows }),
    },
    action: held.action,
    loudest: answer.logEvidence,
    decides: answer.verdict === 'undecided' ? minutesToDecide(own, held, answer, how.minutes) : undefined,
    clear: answer.clear,
  };
}

function judgedValues(state: JudgeState, metric: string, terms: Terms): Judged | undefined {
  const own = state.values[metric];
  const held = terms.values(metric);
  if (own === undefined || held === undefined) return undefined;
  const answer = answerValues(own, held);
  const ratio = held.worse === 'lower' ? 1 / answer.ratio : answer.ratio;
  return {
    verdict: answer.verdict,
    shown: { ratio: short(ratio), evidence: odds(answer.logEvidence) },
    action: held.action,
    loudest: answer.logEvidence,
    clear: answer.verdict === 'pass',
  };
}

/** Of the triggers that spoke, one that wants to roll back goes first. */
export function worst(triggers: readonly TriggerLook[]): TriggerLook | undefined {
  const breached = triggers.filter((look) => look.breached);
  return breached.find(({ rule }) => rule.action === 'roll_back') ?? breached[0];
}

/** Evidence that it is worse, and a trigger that is over often enough, come first; then whatever stands against a pass. */
function verdictOf(
  judged: CountsAnswer['verdict'] | undefined,
  { triggers, criteria }: Pick<Assessed, 'triggers' | 'criteria'>,
  { alone, why, canary }: { alone: boolean; why: string | undefined; canary: number | null },
): Verdict {
  if (worst(triggers) !== undefined) return 'fail';
  if (judged === 'fail' && !alone) return 'fail';
  if (why !== undefined) return 'no_data';
  if (canary === null) return 'no_data';
  const spoke =
    triggers.some(({ figure }) => figure !== undefined) || criteria.some(({ met }) => met !== undefined);
  if (triggers.some(({ over }) => over) || criteria.some(({ met }) => met === false)) return 'undecided';
  if (alone) return spoke ? 'pass' : 'undecided';
  if (criteria.some(({ met }) => met === undefined)) return 'undecided';
  if (judged !== undefined) return judged;
  return triggers.length > 0 && !spoke ? 'undecided' : 'pass';
}
