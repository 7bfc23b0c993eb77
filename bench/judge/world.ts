/** What a simulated service does minute by minute: requests and errors of both arms. */

import type { Counts } from '../../src/judge/dispersion.ts';
import type { Random } from './random.ts';

export interface World {
  /** Requests a minute in each arm. */
  perMinute: readonly [baseline: number, canary: number];
  /** Share of errors of the baseline, 0 to 1. */
  errors: number;
  /** How many times as many the canary has. */
  times?: number;
  /** Spread, in logs, of a shock around 1 that both arms share, minute by minute. */
  shocks?: number;
  /** Spread, in logs, by which each arm wanders on its own, and how much of it stays from minute to minute. */
  wander?: number;
}

const STAYS = 0.7;

/** One minute after the other. */
export function minutesOf(random: Random): (world: World) => Counts {
  const wander = [random.normal(), random.normal()];
  const step = (arm: 0 | 1): number => {
    const next = STAYS * (wander[arm] ?? 0) + Math.sqrt(1 - STAYS ** 2) * random.normal();
    wander[arm] = next;
    return next;
  };
  return ({ perMinute, errors, times = 1, shocks = 0, wander: spread = 0 }) => {
    const shock = shocks === 0 ? 1 : Math.exp(shocks * random.normal());
    const own = (arm: 0 | 1): number => (spread === 0 ? 1 : Math.exp(spread * step(arm)));
    const arm = (which: 0 | 1, share: number) => {
      const bad = random.poisson(perMinute[which] * share);
      return { n: bad + random.poisson(perMinute[which] * Math.max(0, 1 - share)), x: bad };
    };
    return {
      minutes: 1,
      baseline: arm(0, Math.min(1, errors * shock * own(0))),
      canary: arm(1, Math.min(1, errors * times * shock * own(1))),
    };
  };
}
