/** Where a rollout is, and which step comes next. */

import type { Step } from '../../terms/plan.ts';
import type { Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { StageRecord } from './state.ts';

/** The step under way; undefined before the first and after the last. */
export function currentStep(d: Deployment): Step | undefined {
  return d.rollout?.step === undefined ? undefined : d.terms.envelope.plan.steps[d.rollout?.step.index];
}

/** The stage that is being watched or moved to; undefined where the plan's stages are all over. */
export function currentStage(d: Deployment): StageRecord | undefined {
  const last = d.rollout?.stages.at(-1);
  return last?.endedAt === undefined ? last : undefined;
}

/** The share the new version should have now, in percent. */
export function expectedWeight(d: Deployment): number {
  return d.rollout?.stages.at(-1)?.percent ?? 0;
}

/** Ends the step under way and begins what follows it. */
export function completeStep(d: Deployment): EventBody[] {
  const index = d.rollout?.step?.index ?? 0;
  return [{ type: 'step_completed', step: index }, beginAt(d, index + 1)];
}

/** Begins the step at an index; after the last one the verification. */
export function beginAt(d: Deployment, index: number): EventBody {
  return index < d.terms.envelope.plan.steps.length
    ? { type: 'step_started', step: index }
    : { type: 'verification_started' };
}

/** Up to when the metrics were looked at, in the stage under way or in the observation; before a watch its beginning. */
export function lookedUntil(d: Deployment): Instant {
  if (d.rollout?.finalWatch !== undefined && d.status === 'observing')
    return d.rollout?.finalWatch.lastLookAt ?? d.rollout?.finalWatch.since;
  const stage = currentStage(d);
  return Math.max(stage?.lastLook?.to ?? 0, stage?.watchedSince ?? 0);
}
