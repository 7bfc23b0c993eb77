/** Before the start: how long until a rise would be found, and whether a stage can decide at the service's traffic. */

import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { defined } from '../defined.ts';
import { type CountsHistory, wanderingOf } from './dispersion.ts';

export interface Traffic {
  /** Requests a minute in each arm. */
  baseline: number;
  canary: number;
  /** The baseline's share of bad ones, 0 to 1. */
  errors: number;
}

const FOUND = 0.95;
/** Of alpha, what the looks share. */
const LOOKS = 0.9;
/** Longer than any stage, in minutes. */
const NEVER = 60 * 24 * 365;

/** The chance that a rise of `times` is found within `minutes`, before anything wanders. */
function chanceToFind(traffic: Traffic, times: number, alpha: number, minutes: number): number {
  const { baseline, canary, errors } = traffic;
  const mean = errors * (baseline + times * canary);
  if (!(mean > 0) || canary <= 0 || baseline <= 0 || minutes <= 0) return 0;
  const q = canary / (baseline + canary);
  const s = (times * canary) / (baseline + times * canary);
  const [hit, miss] = [Math.log(s / q), Math.log((1 - s) / (1 - q))];
  const drift = mean * (s * hit + (1 - s) * miss);
  const spread = Math.sqrt(mean * (s * hit ** 2 + (1 - s) * miss ** 2));
  const known = 1 / (1 / (errors * baseline) + 1 / (times * errors * canary));
  const bound = -Math.log(LOOKS * alpha) + Math.log(1 + 0.64 * known * minutes) / 2 - Math.LN2;
  const sd = spread * Math.sqrt(minutes);
  const over = normalCdf((drift * minutes - bound) / sd, 0, 1);
  const touched = normalCdf((-drift * minutes - bound) / sd, 0, 1);
  return over + (touched === 0 ? 0 : Math.exp(Math.min(700, (2 * drift * bound) / spread ** 2)) * touched);
}

/** Minutes until a rise is found in 95 of 100; undefined where traffic or errors are too few for that to be foreseen. */
export function minutesToFind(
  traffic: Traffic,
  times: number,
  alpha: number,
  history?: CountsHistory,
): number | undefined {
  const { baseline, canary, errors } = traffic;
  if (!(baseline > 0 && canary > 0 && errors > 0 && times > 1)) return undefined;
  const plain = firstOver((minutes) => chanceToFind(traffic, times, alpha, minutes) >= FOUND);
  return plain === undefined ? undefined : plain * slowness(traffic, times, history);
}

/** How many times longer it takes where the arms wander, and for large rises, which few errors must show. */
function slowness({ baseline, canary, errors }: Traffic, times: number, history?: CountsHistory): number {
  const wandering = history === undefined ? 0 : wanderingOf(history);
  const phi = 1 + wandering / (1 / (errors * baseline) + 1 / (errors * canary));
  return phi * (times >= 3 ? 1.2 : 1);
}

function firstOver(holds: (minutes: number) => boolean): number | undefined {
  if (!holds(NEVER)) return undefined;
  let [low, high] = [0, NEVER];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The smallest of these rises that would have been found in 95 of 100 within the time; undefined where none would. */
export function smallestFound(
  traffic: Traffic,
  alpha: number,
  minutes: number,
  history?: CountsHistory,
): number | undefined {
  const { baseline, canary, errors } = traffic;
  if (!(baseline > 0 && canary > 0 && errors > 0)) return undefined;
  return RISES.find(
    (times) => chanceToFind(traffic, times, alpha, minutes / slowness(traffic, times, history)) >= FOUND,
  );
}

const RISES: readonly number[] = [1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50];

export interface Outlook {
  /** Minutes until a rise of the harm is found in 95 of 100; undefined where it cannot be foreseen. */
  needs?: number;
  decides: boolean;
  /** The share in percent that would do within the time, where one does, and how many minutes it would take. */
  shareThatDoes?: { percent: number; needs: number };
}

const SHARES: readonly number[] = [5, 10, 15, 20, 25, 30, 40, 50];

/** Can a stage decide? `perMinute` is the service's whole traffic. */
export function outlook(
  service: { perMinute: number; errors: number },
  stage: { percent: number; minutes: number },
  terms: { alpha: number; harm: number; history?: CountsHistory },
): Outlook {
  const needsAt = (percent: number): number | undefined =>
    minutesToFind(
      {
        baseline: (service.perMinute * (100 - percent)) / 100,
        canary: (service.perMinute * percent) / 100,
        errors: service.errors,
      },
      terms.harm,
      terms.alpha,
      terms.history,
    );
  const needs = needsAt(stage.percent);
  const decides = needs !== undefined && needs <= stage.minutes;
  const share = decides
    ? undefined
    : SHARES.filter((percent) => percent > stage.percent)
        .map((percent) => ({ percent, needs: needsAt(percent) ?? NEVER }))
        .find((one) => one.needs <= stage.minutes);
  return {
    ...defined({ needs }),
    decides,
    ...defined({ shareThatDoes: share }),
  };
}
