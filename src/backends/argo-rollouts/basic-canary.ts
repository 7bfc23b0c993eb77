/** A canary without traffic routing: its share of the traffic is its share of the pods. Pure. */

import type { Rollout } from './rollout.ts';

export interface NearestShare {
  asked: number;
  /** What so many pods come to, in whole percent. */
  real: number;
  /** Close enough to be called by the name of what was asked. */
  isClose: boolean;
}

/** A share this far from what was asked is still it. */
export function isClose(asked: number, real: number): boolean {
  return Math.abs(real - asked) <= Math.max(1, Math.min(asked, 100 - asked) / 10);
}

/** The share that Argo Rollouts would choose; exact where something else routes the traffic. */
export function nearestShare({ spec }: Rollout, asked: number): NearestShare {
  const { canary } = spec.strategy;
  if (canary == null || canary.trafficRouting !== undefined || asked === 0)
    return { asked, real: asked, isClose: true };
  const sizes =
    surgeOf(canary.maxSurge, spec.replicas) > 0 ? [spec.replicas, spec.replicas + 1] : [spec.replicas];
  const shares = sizes.flatMap((size) => {
    const exact = (spec.replicas * asked) / 100;
    return [Math.floor(exact), Math.ceil(exact)]
      .filter((pods) => pods > 0 && pods < size)
      .map((pods) => (100 * pods) / size);
  });
  const [real = 0] = shares.sort((a, b) => Math.abs(a - asked) - Math.abs(b - asked));
  return { asked, real: Math.round(real), isClose: isClose(asked, real) };
}

/** Percentages are rounded up, as Kubernetes rounds them. */
function surgeOf(given: number | string, replicas: number): number {
  if (typeof given === 'number') return given;
  const percent = /^(\d+)%$/.exec(given)?.[1];
  return percent === undefined ? 0 : Math.ceil((Number(percent) * replicas) / 100);
}
