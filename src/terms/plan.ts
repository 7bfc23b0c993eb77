/** A strategy is data: a list of steps, frozen into the deployment when it is requested (PR-3). */

import type { Duration } from '../time.ts';

export type Step =
  /** Give the new version this share of the traffic, in percent. */
  | { kind: 'set-weight'; percent: number }
  /** Look at both arms for this long before the next step. */
  | { kind: 'watch'; for: Duration }
  /** Bring the new version up beside the old one, whole and without traffic. */
  | { kind: 'stand-up' }
  /** Run the smoke tests, and go on when they pass. */
  | { kind: 'smoke' }
  /** Replace one part of the instances (`number` of `of`, from 1): drain, stop, deploy, start, check, put back. */
  | { kind: 'batch'; number: number; of: number }
  /** Replace everything at once. */
  | { kind: 'replace' }
  /** Take down what the new version has replaced and what was kept as the way back. */
  | { kind: 'retire-old' };

export type StepKind = Step['kind'];

export interface Plan {
  strategy: string;
  steps: Step[];
}

/** One share of the traffic and its watch. */
export interface Stage {
  /** 1 for the first. */
  number: number;
  percent: number;
  /** Index of its `set-weight` step. */
  shiftStep: number;
  /** Index of its `watch` step; unset where the share is not watched by the plan itself. */
  watchStep?: number;
  watchFor: Duration;
}

/** The stages of a plan, in order. */
export function stagesOf(plan: Plan): Stage[] {
  const stages: Stage[] = [];
  plan.steps.forEach((step, index) => {
    const last = stages.at(-1);
    if (step.kind === 'set-weight') {
      stages.push({ number: stages.length + 1, percent: step.percent, shiftStep: index, watchFor: 0 });
    } else if (step.kind === 'watch' && last && last.watchStep === undefined) {
      last.watchStep = index;
      last.watchFor = step.for;
    }
  });
  return stages;
}

/** The stage that a step belongs to. */
export function stageOfStep(plan: Plan, step: number): Stage | undefined {
  return stagesOf(plan).findLast((stage) => stage.shiftStep <= step);
}

/** How long the plan's watches take together. */
export function plannedDuration(plan: Plan): Duration {
  return plan.steps.reduce((sum, step) => sum + (step.kind === 'watch' ? step.for : 0), 0);
}
