/** Where a Rollout waits for a person, and whether that is where a plan wants it to. Pure. */

import type { BackendStep } from '../../terms/plan.ts';
import { nearestShare } from './basic-canary.ts';
import type { CanaryStep, Rollout } from './rollout.ts';

/** A share at which it pauses until somebody promotes it. */
export interface Stop {
  /** In percent; 0 where it stands beside the old version without traffic. */
  percent: number;
  /** Index of the first step that leads there. */
  first: number;
  /** Index of the step that sets its share. */
  sets: number;
  /** Index of the pause. */
  pause: number;
}

/** Blue-green waits once, with the new version whole and without traffic. */
const PREVIEW: Stop = { percent: 0, first: 0, sets: 0, pause: 0 };

export function stopsOf({ spec: { strategy } }: Rollout): Stop[] {
  if (strategy.canary == null) return [PREVIEW];
  const { steps, trafficRouting } = strategy.canary;
  const most = trafficRouting?.maxTrafficWeight ?? 100;
  const stops: Stop[] = [];
  let first = 0;
  steps.forEach((step, index) => {
    if (step.pause === undefined) return;
    const sets = steps.findLastIndex(({ setWeight }, at) => setWeight !== undefined && at < index);
    const weight = steps[sets]?.setWeight ?? 0;
    stops.push({ percent: (100 * weight) / most, first, sets: Math.max(sets, first), pause: index });
    first = index + 1;
  });
  return stops;
}

/** The stop that it stands at, or is on its way to; undefined past the last one. */
export function stopAt(stops: readonly Stop[], index: number): Stop | undefined {
  return stops.find(({ pause }) => index <= pause);
}

/** Why the steps are none that somebody else could conduct, in words. */
export function stepsProblem(rollout: Rollout): string | undefined {
  const { canary, blueGreen } = rollout.spec.strategy;
  const named = `the Rollout ${rollout.metadata.name}`;
  if (blueGreen != null) {
    return blueGreen.autoPromotionEnabled
      ? `${named} switches by itself: set autoPromotionEnabled: false`
      : undefined;
  }
  if (canary == null) return `${named} has neither a canary nor a blueGreen strategy`;
  const timed = canary.steps.findIndex(({ pause }) => pause?.duration !== undefined);
  if (timed >= 0) {
    const { duration } = canary.steps[timed]?.pause ?? {};
    return `${named} goes on by itself after ${duration} in step ${timed + 1}: write "pause: {}" there`;
  }
  const stops = stopsOf(rollout);
  const bare = stops.find(({ first, pause }) => first === pause);
  if (bare !== undefined) {
    return `${named} pauses in step ${bare.pause + 1} where nothing has changed: take that pause out`;
  }
  const whole = stops.find(({ percent }) => percent >= 100);
  if (whole !== undefined) {
    return `${named} pauses at 100 % in step ${whole.pause + 1}: take that pause out, what comes after is observed`;
  }
  return undefined;
}

/** Why the Rollout would not stop where the plan wants it to, in words; undefined where it does. */
export function planProblem(rollout: Rollout, steps: readonly BackendStep[]): string | undefined {
  const named = `the Rollout ${rollout.metadata.name}`;
  const wanted = sharesOf(steps);
  // All at once: a full promotion leaves out every stop.
  if (wanted.length === 0) return undefined;
  const problem = stepsProblem(rollout);
  if (problem !== undefined) return problem;
  const stops = stopsOf(rollout).map(({ percent }) => percent);
  if (stops.join() !== wanted.join()) {
    const blueGreen = rollout.spec.strategy.blueGreen != null ? ' (blue-green knows no shares)' : '';
    return `${named} stops ${atShares(stops)}${blueGreen}, and the plan ${atShares(wanted)}`;
  }
  const far = wanted.map((percent) => nearestShare(rollout, percent)).find(({ isClose }) => !isClose);
  return far === undefined
    ? undefined
    : `${named} shares traffic by its number of pods, and with ${rollout.spec.replicas} of them comes no closer to ${far.asked} % than ${far.real} %: more pods or trafficRouting are needed`;
}

function sharesOf(steps: readonly BackendStep[]): number[] {
  return steps.flatMap((step) => {
    if (step.kind === 'stand-up') return [0];
    return step.kind === 'set-weight' && step.percent < 100 ? [step.percent] : [];
  });
}

/** `at 5, 25 and 75 %`, `nowhere` */
export function atShares(percents: readonly number[]): string {
  const last = percents.at(-1);
  if (last === undefined) return 'nowhere';
  const before = percents.slice(0, -1);
  return `at ${before.length === 0 ? last : `${before.join(', ')} and ${last}`} %`;
}

/** Argo Rollouts takes its time there, or finds something: nobody may go past it. */
export function worksByItself({ analysis, experiment, plugin }: CanaryStep): string | undefined {
  if (analysis !== undefined) return 'analysis';
  if (experiment !== undefined) return 'experiment';
  return plugin === undefined ? undefined : 'plugin';
}
