/** What the metrics say: the engine decides on evidence, and holds where there is none. */

import { defined } from '../../defined.ts';
import type { ComparedMetric } from '../../judge/before-after.ts';
import { judge } from '../../judge/judge.ts';
import { atStageEnd } from '../../judge/stage-terms.ts';
import type { Look } from '../../judge/types.ts';
import { type Duration, HOUR, type Instant, MINUTE } from '../../time.ts';
import { accepted, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Decision, Intent } from '../intents.ts';
import { missingBefore } from '../readiness/readiness.ts';
import { goBackByItself } from '../rollback/data-at-risk.ts';
import { unknownWords } from '../signals/unknown-words.ts';
import { afterWatchedLook } from '../watching/decide-watching.ts';
import { comparisonDue, whyCompared } from './compared.ts';
import { judgePlanOf, lookContext, undecidedPolicy } from './look-context.ts';
import {
  completeStep,
  currentStage,
  handOver,
  judgeStateOf,
  lookedUntil,
  observedUntil,
  watchedStages,
} from './progress.ts';
import type { StageRecord } from './state.ts';
import { digestAfter } from './watch.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

export function decideMeasured(d: Deployment, intent: IntentOf<'measured'>): Decision {
  const { reading } = intent;
  const how = lookContext(d);
  if (how === undefined || isOld(d, reading)) return UNCHANGED;
  const { look, state } = judge(judgePlanOf(d), judgeStateOf(d), reading, how);
  // Another look may have brought it meanwhile: it is said once.
  const compared = comparisonDue(d, look.to) && intent.compared;
  const looked = (before: string | undefined): EventBody => {
    const digest = digestAfter(before, look);
    const { logErrors } = intent;
    return { type: 'looked', look, judge: state, digest, ...defined({ logErrors, compared }) };
  };
  if (d.status === 'observing')
    return accepted(looked(d.rollout?.finalWatch?.digest), ...afterObservationLook(d, look, compared));
  if (d.status === 'watched_only')
    return accepted(looked(d.rollout?.finalWatch?.digest), ...afterWatchedLook(d, look, compared));
  const stage = currentStage(d);
  if (stage?.watchUntil === undefined) return UNCHANGED;
  return accepted(looked(stage.digest), ...afterLook(d, look, { ...stage, watchUntil: stage.watchUntil }));
}

/** Most of this window was looked at before, or lies before the watch: judging it again would count it twice. */
function isOld(d: Deployment, { from, to }: { from: Instant; to: Instant }): boolean {
  return (from + to) / 2 < lookedUntil(d);
}

function afterLook(d: Deployment, look: Look, stage: StageRecord & { watchUntil: Instant }): EventBody[] {
  const { watchUntil, noData: noDataBefore } = stage;
  if (look.verdict === 'fail' && look.action === 'roll_back') return goBackByItself(d, look.because);
  if (d.status === 'held') return [];
  if (look.verdict === 'fail') return [{ type: 'held', reason: look.because }];
  if (look.verdict === 'no_data' && noDataBefore + 1 >= d.terms.safeguards.holdAfterNoData) {
    return [{ type: 'held', reason: `there is no data to judge by: ${look.because}` }];
  }
  const unknown = d.signals?.unknown;
  // What nobody can say of alerts is no pass either (AN-5).
  if (unknown !== undefined)
    return look.to < watchUntil ? [] : [{ type: 'held', reason: unknownWords(unknown.because) }];
  // What was made longer for want of a verdict ends with it.
  if (look.verdict === 'pass' && (look.to >= watchUntil || stage.extended)) return completeStep(d);
  return look.to < watchUntil ? [] : endedUndecided(d, look, stage);
}

/** The watch is over without a verdict: the policy says what then. Against a suspicion nothing goes on: it is watched longer. */
function endedUndecided(d: Deployment, look: Look, stage: StageRecord): EventBody[] {
  const planned = watchedStages(d).find(({ number }) => number === stage.number)?.watchFor ?? 0;
  const then = atStageEnd(undecidedPolicy(d, stage.number), look, stage.extended === true || planned === 0);
  if (then === 'go_on') return completeStep(d, look.unseen ?? look.because);
  if (then === 'extend') {
    const reason = `its watch is over and it is undecided: ${look.because}`;
    return [{ type: 'extended', extension: planned, reason }];
  }
  return [
    { type: 'held', reason: `its watch is over and it cannot be judged: ${look.because}${fewWords(look)}` },
  ];
}

/** So few in a whole stage are why it cannot be judged, whatever the last look says. */
const FEW = 100;

function fewWords({ sample }: Look): string {
  if (sample >= FEW) return '';
  return `; ${sample === 1 ? '1 request' : `${sample} requests`} reached the canary in its whole watch`;
}

/** It is handed over when it was seen to be well to the end; all else is for people to decide, and is said once. */
function afterObservationLook(
  d: Deployment,
  look: Look,
  compared: readonly ComparedMetric[] = [],
): EventBody[] {
  const regressed = d.terms.safeguards.onRegression === 'roll_back';
  if (look.verdict === 'fail' && (regressed || look.action === 'roll_back'))
    return goBackByItself(d, look.because);
  const changed = whyCompared(compared);
  if (changed !== undefined && regressed && compared.some(({ verdict }) => verdict === 'fail'))
    return goBackByItself(d, changed);
  if (d.rollout?.finalWatch?.handingOver !== undefined) return [];
  // People were asked, and have not answered yet.
  if (d.rollout?.finalWatch?.unsettled !== undefined) return [];
  const because = whyUnsettled(d, look) ?? changed;
  if (because !== undefined) return [{ type: 'observation_unsettled', because }];
  const over = look.to >= observedUntil(d) && missingBefore(d, 'hand_over').length === 0;
  return over ? [handOver(d)] : [];
}

/** Undecided and blind time is never success (AN-5): undefined while it may still come to a good end by itself. */
function whyUnsettled(d: Deployment, look: Look): string | undefined {
  if (look.verdict === 'fail') return look.because;
  const { observeEvery, holdAfterNoData } = d.terms.safeguards;
  const blind =
    (d.rollout?.finalWatch?.blindFor ?? 0) + (look.verdict === 'no_data' ? look.to - look.from : 0);
  if (blind >= holdAfterNoData * observeEvery)
    return `there was no data for ${lasted(blind)}: ${look.because}`;
  const unknown = d.signals?.unknown;
  if (unknown !== undefined && look.to >= observedUntil(d)) return unknownWords(unknown.because);
  if (look.to < observedUntil(d) || look.verdict === 'pass') return undefined;
  return `its watch is over and it cannot be judged: ${look.because}`;
}

const lasted = (time: Duration): string =>
  time < 2 * HOUR ? `${Math.round(time / MINUTE)} minutes` : `${Math.round(time / HOUR)} hours`;
