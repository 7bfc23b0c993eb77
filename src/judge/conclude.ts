/** From the metrics' verdicts to the look's: one verdict, one sentence, and how long until there is more to say. */

import type { Duration, Instant } from '../time.ts';
import { type Assessment, PASS_BELOW, spoke } from './assess.ts';
import { seenBy } from './state.ts';
import type { JudgePlan, JudgeState, Look, MetricLook } from './types.ts';
import { comparison, figure, nameOf, odds, ruleSentence, span } from './words.ts';

type Conclusion = Pick<Look, 'verdict' | 'because' | 'action' | 'decidesIn'>;

interface Moment {
  now: Instant;
  stageEndsAt?: Instant;
  lookEvery: Duration;
}

export function conclude(
  plan: JudgePlan,
  after: JudgeState,
  assessment: Assessment,
  critical: number,
  moment: Moment,
): Conclusion {
  if (critical > 0) {
    const what = critical === 1 ? '1 critical error' : `${figure(critical)} critical errors`;
    return { verdict: 'fail', because: `${what} in the canary's log`, action: 'roll_back' };
  }
  const failed = assessment.metrics.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) return fail(assessment, failed);
  return (
    tooLittle(plan, after, moment) ?? unsettled(after, assessment, moment) ?? pass(plan, after, assessment)
  );
}

function fail({ rules }: Assessment, failed: readonly MetricLook[]): Conclusion {
  const asksRollback = ({ breached }: MetricLook) =>
    breached === undefined || breached.action === 'roll_back';
  const metric = failed.find(asksRollback) ?? failed[0];
  if (metric === undefined) throw new RangeError('a fail without a metric that failed');
  const action = asksRollback(metric) ? 'roll_back' : 'hold';
  const rule = rules.find((look) => look.rule === metric.breached);
  const because = rule === undefined ? worse(metric) : ruleSentence(rule, metric.unit);
  return { verdict: 'fail', because, action };
}

function worse(metric: MetricLook): string {
  return `${comparison(metric)}, ${odds(metric.evidence ?? 0)} that it is worse`;
}

/** The sample is too small to pass; says how long the rest takes at this traffic. */
function tooLittle(plan: JudgePlan, after: JudgeState, moment: Moment): Conclusion | undefined {
  const sample = seenBy(after.totals, 'canary');
  const need = Math.max(1, plan.minRequests);
  if (sample >= need) return undefined;
  const looks = Math.max(1, after.looks - after.noDataLooks);
  const because = `${figure(sample)} of ${figure(need)} requests needed before it can pass`;
  if (sample === 0) return { verdict: 'undecided', because };
  return later(because, Math.ceil((need - sample) / (sample / looks)), moment);
}

/** Something stands against a pass without being a fail yet. */
function unsettled(after: JudgeState, assessment: Assessment, moment: Moment): Conclusion | undefined {
  const [missing] = assessment.missing;
  if (missing !== undefined) {
    return {
      verdict: 'undecided',
      because: `a rule is about ${nameOf(missing)}, and there is no figure for it`,
    };
  }
  const open = assessment.metrics.find((metric) => {
    if (assessment.alone) return metric.verdict !== 'pass' && hasSpoken(assessment, metric);
    return metric.verdict !== 'pass';
  });
  if (open === undefined) return aloneWithoutRules(assessment);
  if (open.verdict === 'no_data' || open.canary === null) {
    return { verdict: 'undecided', because: `there is no figure for the canary's ${nameOf(open.metric)}` };
  }
  const over = assessment.rules.find((look) => look.rule.metric === open.metric && look.over);
  if (open.kind === 'values') {
    const because = over === undefined ? valueSentence(assessment, open) : ruleSentence(over, open.unit);
    return { verdict: 'undecided', because };
  }
  if (open.evidence === undefined || open.evidence < PASS_BELOW) {
    return { verdict: 'undecided', because: `${comparison(open)}, and nothing to compare it with` };
  }
  const because = `${worse(open)}; ${odds(assessment.failsFrom)} would settle it`;
  const perLook = Math.log(open.evidence) / Math.max(1, after.looks - after.noDataLooks);
  return later(because, Math.ceil(Math.log(assessment.failsFrom / open.evidence) / perLook), moment);
}

function valueSentence(assessment: Assessment, open: MetricLook): string {
  if (open.baseline === null) return `${comparison(open)}, and nothing to compare it with`;
  return hasSpoken(assessment, open) || !hasRules(assessment, open)
    ? `${comparison(open)}, over its bound in most looks`
    : `too few requests in this look for the rule about ${nameOf(open.metric)}`;
}

function hasRules({ rules }: Assessment, { metric }: MetricLook): boolean {
  return rules.some(({ rule }) => rule.metric === metric);
}

function hasSpoken({ rules }: Assessment, { metric }: MetricLook): boolean {
  return spoke(rules.filter(({ rule }) => rule.metric === metric));
}

function aloneWithoutRules({ alone, rules }: Assessment): Conclusion | undefined {
  if (!alone || spoke(rules)) return undefined;
  return {
    verdict: 'undecided',
    because: 'there is no baseline beside it, and no absolute rule to judge it by',
  };
}

function pass(plan: JudgePlan, after: JudgeState, assessment: Assessment): Conclusion {
  const requests = `${figure(seenBy(after.totals, 'canary'))} requests`;
  if (assessment.alone) {
    const because = `no figure is over its bound after ${requests}; there is no baseline beside it`;
    return { verdict: 'pass', because };
  }
  const counts = assessment.metrics.find(({ kind }) => kind === 'counts');
  const rules = plan.rules.length > 0 ? ', no rule over its bound' : '';
  if (counts === undefined) return { verdict: 'pass', because: `no metric is over its bound` };
  return { verdict: 'pass', because: `${comparison(counts)} after ${requests}${rules}` };
}

/** Far more looks than any stage has are no forecast. */
const FORESEEABLE = 10_000;

function later(because: string, looks: number, { now, stageEndsAt, lookEvery }: Moment): Conclusion {
  if (!(looks > 0 && looks < FORESEEABLE)) return { verdict: 'undecided', because };
  const decidesIn = looks * lookEvery;
  const late = stageEndsAt !== undefined && stageEndsAt > now && now + decidesIn > stageEndsAt;
  const warning = late ? `; at this traffic that takes ${span(decidesIn)}, longer than the stage` : '';
  return { verdict: 'undecided', because: `${because}${warning}`, decidesIn };
}
