/** A strategy is data: a list of steps, frozen into the deployment when it is requested (PR-3). */

import type { Duration } from '../time.ts';

/** What the backend is told to do. */
export type BackendStep =
  /** Give the new version this share of the traffic, in percent. */
  | { kind: 'set-weight'; percent: number }
  /** Bring the new version up beside the old one, whole and without traffic. */
  | { kind: 'stand-up' }
  /** Replace one part of the instances (`number` of `of`, from 1): drain, stop, deploy, start, check, put back. `keep`: percent of the capacity that must stay in service meanwhile. */
  | { kind: 'batch'; number: number; of: number; keep?: number }
  /** Replace everything at once. */
  | { kind: 'replace' }
  /** Take down what the new version has replaced and what was kept as the way back. */
  | { kind: 'retire-old' };

/** What GoNoGo does itself, whatever the backend is. */
export type OwnStep =
  /** Look at both arms for this long before the next step. */
  | { kind: 'watch'; for: Duration }
  /** Run the smoke tests, and go on when they pass. */
  | { kind: 'smoke' };

export type Step = BackendStep | OwnStep;
export type StepKind = Step['kind'];
export type BackendStepKind = BackendStep['kind'];

export interface Plan {
  strategy: string;
  steps: Step[];
}

export type StepOf<K extends StepKind> = Extract<Step, { kind: K }>;

/** What a step means to the stages of a plan: it gives the new version a share, or watches the share before it. */
const IN_STAGES: {
  [K in StepKind]: { share?: (step: StepOf<K>) => number; watch?: (step: StepOf<K>) => Duration };
} = {
  'set-weight': { share: ({ percent }) => percent },
  watch: { watch: (step) => step.for },
  'stand-up': {},
  smoke: {},
  batch: { share: ({ number, of }) => Math.floor((100 * number) / of) },
  replace: { share: () => 100 },
  'retire-old': {},
};

/** The share that a step gives the new version, in whole percent; undefined where it moves no traffic. */
export function shareOf(step: Step): number | undefined {
  return (IN_STAGES[step.kind].share as ((step: Step) => number) | undefined)?.(step);
}

/** How long a step watches; undefined where it does something else. */
export function watchOf(step: Step): Duration | undefined {
  return (IN_STAGES[step.kind].watch as ((step: Step) => Duration) | undefined)?.(step);
}

/** One share of the traffic and its watch. */
export interface Stage {
  /** 1 for the first. */
  number: number;
  percent: number;
  /** Index of the step that gives it the share. */
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
    const percent = shareOf(step);
    const watchFor = watchOf(step);
    if (percent !== undefined) {
      stages.push({ number: stages.length + 1, percent, shiftStep: index, watchFor: 0 });
    } else if (watchFor !== undefined && last && last.watchStep === undefined) {
      last.watchStep = index;
      last.watchFor = watchFor;
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
  return plan.steps.reduce((sum, step) => sum + (watchOf(step) ?? 0), 0);
}
