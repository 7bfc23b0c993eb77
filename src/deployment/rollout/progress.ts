/** Where a rollout is, and which step comes next. */

import type { JudgeState } from '../../judge/types.ts';
import { type Stage, type Step, stagesOf } from '../../terms/plan.ts';
import type { Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { RolloutState, StageRecord } from './state.ts';
import { meaningOf } from './steps.ts';

/** Throws where it has not started: whoever asks knows from the status that it has. */
export function rolloutOf(d: Deployment): RolloutState {
  if (d.rollout === undefined) throw new Error(`${d.id} is ${d.status} and has no rollout`);
  return d.rollout;
}

/** The stages begun so far; none before the start. */
export function stagesBegun(d: Deployment): readonly StageRecord[] {
  return d.rollout?.stages ?? [];
}

/** The step under way; undefined before the first and after the last, but for those that wait for the hand-over. */
export function currentStep(d: Deployment): Step | undefined {
  const step = d.rollout && d.terms.envelope.plan.steps[d.rollout.step.index];
  return step === undefined || meaningOf(step).atHandOver ? undefined : step;
}

/** The step that follows the observation; undefined where the plan has none. */
export function stepAtHandOver(d: Deployment): { step: Step; index: number } | undefined {
  const { steps } = d.terms.envelope.plan;
  const index = steps.findIndex((step) => meaningOf(step).atHandOver);
  const step = steps[index];
  return step === undefined ? undefined : { step, index };
}

/** Whether what follows the observation is on its way, or people were asked because it is not done. */
export function handingOverState(d: Deployment): 'under_way' | 'stuck' | undefined {
  const { handingOver, unsettled } = d.rollout?.finalWatch ?? {};
  if (handingOver === undefined) return undefined;
  return unsettled !== undefined && unsettled.at >= handingOver.at ? 'stuck' : 'under_way';
}

/** Whether the backend should be carrying out the step at an index now. */
export function isStepUnderWay(d: Deployment, index: number | undefined): boolean {
  if (d.status === 'observing')
    return d.rollout?.finalWatch?.handingOver !== undefined && stepAtHandOver(d)?.index === index;
  return d.status === 'rolling_out' && d.rollout?.step.index === index;
}

/** Whether the step under way allows this, or asks for it. */
export function duringStep(d: Deployment, what: 'looks' | 'mayExtend' | 'tests'): boolean {
  const step = currentStep(d);
  return step !== undefined && meaningOf(step)[what] === true;
}

/** Whether people may end the step under way now; smoke tests only once they are held on, never while they run. */
export function mayBePromoted(d: Deployment): boolean {
  const step = currentStep(d);
  if (step === undefined || !meaningOf(step).mayPromote) return false;
  return meaningOf(step).tests !== true || d.status === 'held';
}

/** The stage that is being watched or moved to; undefined where the plan's stages are all over. */
export function currentStage(d: Deployment): StageRecord | undefined {
  const last = d.rollout?.stages.at(-1);
  return last?.endedAt === undefined ? last : undefined;
}

/** The stages whose watch the plan itself names, which share alpha. */
export function watchedStages(d: Deployment): Stage[] {
  return stagesOf(d.terms.envelope.plan).filter(({ watchFor }) => watchFor > 0);
}

/** What the judge remembers of the deployment so far. */
export function judgeStateOf(d: Deployment): JudgeState | undefined {
  return (
    d.rollout?.finalWatch?.judge ?? d.rollout?.stages.findLast(({ judge }) => judge !== undefined)?.judge
  );
}

/** The share the new version should have now, in percent. */
export function expectedWeight(d: Deployment): number {
  return d.rollout?.stages.at(-1)?.percent ?? 0;
}

/** Ends the step under way and begins what follows it. */
export function completeStep(d: Deployment, undecided?: string): EventBody[] {
  const { index } = rolloutOf(d).step;
  const completed = { type: 'step_completed' as const, step: index };
  return [undecided === undefined ? completed : { ...completed, undecided }, beginAt(d, index + 1)];
}

/** It is handed over, once the step that waits for that is done. */
export function handOver(d: Deployment, reason?: string): EventBody {
  const why = reason === undefined ? {} : { reason };
  return stepAtHandOver(d) === undefined
    ? { type: 'handed_over', ...why }
    : { type: 'hand_over_started', ...why };
}

/** Begins the step at an index; after the last one the verification. */
export function beginAt(d: Deployment, index: number): EventBody {
  const next = d.terms.envelope.plan.steps[index];
  return next === undefined || meaningOf(next).atHandOver
    ? { type: 'verification_started' }
    : { type: 'step_started', step: index };
}

/** Up to when the metrics were looked at, in the stage under way or in the observation; before a watch its beginning. */
export function lookedUntil(d: Deployment): Instant {
  const finalWatch = d.rollout?.finalWatch;
  if (finalWatch !== undefined && (d.status === 'observing' || d.status === 'watched_only'))
    return finalWatch.lastLookAt ?? finalWatch.since;
  const stage = currentStage(d);
  return Math.max(stage?.lastLook?.to ?? 0, stage?.watchedSince ?? 0);
}

/** When the observation after a complete rollout ends. */
export function observedUntil(d: Deployment): Instant {
  return (d.rollout?.finalWatch?.since ?? 0) + d.terms.safeguards.observeFor;
}
