/** Seeded runs of the judge's own arithmetic: one stage, a whole rollout, and a value that leans on its past. */

import { defined } from '../../src/defined.ts';
import {
  addCounts,
  beginCountsStage,
  type CountsTerms,
  newCounts,
  unusable,
} from '../../src/judge/counts.ts';
import { answerCounts } from '../../src/judge/counts-verdict.ts';
import {
  addToDispersion,
  type Counts,
  type CountsHistory,
  newDispersion,
} from '../../src/judge/dispersion.ts';
import { learnCounts, learnValues } from '../../src/judge/history.ts';
import {
  addValue,
  answerValues,
  beginValuesStage,
  newValues,
  type ValuesHistory,
} from '../../src/judge/values.ts';
import type { Peer } from './peers.ts';
import { type Random, seeded } from './random.ts';
import { minutesOf, type World } from './world.ts';

export interface Found {
  /** Minute of the fail of each run that failed, ascending. */
  minutes: number[];
  runs: number;
  /** Runs in which the harm was excluded by then, or was at all; in a stage that passed at 30 minutes. */
  excludedBy: Record<number, number>;
  passedAt30: number;
}

const HISTORY_MINUTES = 600;

/** Ten hours of healthy stages of the same kind. */
function healthyHistory(random: Random, world: World): CountsHistory | undefined {
  const minute = minutesOf(random);
  const dispersion = newDispersion();
  for (let at = 0; at < HISTORY_MINUTES; at += 1) {
    const counts = minute({ ...world, times: 1 });
    if (unusable(counts) === undefined) addToDispersion(dispersion, counts);
  }
  return learnCounts(undefined, dispersion.stage);
}

export function oneStage(row: number, world: World, runs: number, history: boolean): Found {
  const found: Found = { minutes: [], runs, excludedBy: { 30: 0, 60: 0 }, passedAt30: 0 };
  for (let run = 0; run < runs; run += 1) {
    const random = seeded(row, run);
    const known = history ? healthyHistory(random, world) : undefined;
    const terms: CountsTerms = { ...TERMS, stages: 1, ...defined({ history: known }) };
    const state = newCounts();
    beginCountsStage(state, 1, terms);
    const minute = minutesOf(random);
    let excluded = Number.POSITIVE_INFINITY;
    for (let at = 1; at <= 60; at += 1) {
      const counts = minute(world);
      if (unusable(counts) === undefined) addCounts(state, counts, terms);
      const { verdict } = answerCounts(state, terms, at === 60);
      if (verdict === 'pass') excluded = Math.min(excluded, at);
      if (verdict === 'pass' && at === 30) found.passedAt30 += 1;
      if (verdict === 'fail') {
        found.minutes.push(at);
        break;
      }
    }
    for (const by of [30, 60]) if (excluded <= by) found.excludedBy[by] = (found.excludedBy[by] ?? 0) + 1;
  }
  found.minutes.sort((a, b) => a - b);
  return found;
}

const TERMS = { alpha: 0.05, margin: 1.25, harm: 2 };

export function peerRuns(row: number, world: World, runs: number, peer: Peer): number[] {
  const minutes: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const minute = minutesOf(seeded(row, run));
    const looks: Counts[] = [];
    for (let at = 1; at <= 60; at += 1) {
      looks.push(minute(world));
      if (!peer(looks)) continue;
      minutes.push(at);
      break;
    }
  }
  return minutes.sort((a, b) => a - b);
}

const STAGES: readonly (readonly [share: number, minutes: number])[] = [
  [0.05, 30],
  [0.25, 60],
  [0.75, 120],
];

export interface Rollouts {
  runs: number;
  minutes: number[];
  /** Runs that failed, or excluded a doubling, by the end of stage 1, 2, 3. */
  foundBy: number[];
  excludedBy: number[];
  /** Of those that had not failed by then. */
  clearedBy: number[];
}

/** `from`: the stage with which the rise begins. */
export function rollouts(
  row: number,
  service: { perMinute: number; errors: number; shocks?: number; wander?: number },
  rise: { times: number; from: number },
  runs: number,
): Rollouts {
  const sums: Rollouts = {
    runs,
    minutes: [],
    foundBy: [0, 0, 0],
    excludedBy: [0, 0, 0],
    clearedBy: [0, 0, 0],
  };
  const worldAt = (share: number): World => ({
    ...service,
    perMinute: [service.perMinute * (1 - share), service.perMinute * share],
  });
  for (let run = 0; run < runs; run += 1) {
    const random = seeded(row, run);
    const history = healthyHistory(random, worldAt(0.25));
    const terms: CountsTerms = { ...TERMS, stages: 3, ...defined({ history }) };
    const state = newCounts();
    const minute = minutesOf(random);
    let [at, failed, excluded] = [0, 0, 0];
    STAGES.forEach(([share, length], index) => {
      if (failed > 0) return;
      beginCountsStage(state, index + 1, terms);
      for (let look = 1; look <= length; look += 1) {
        at += 1;
        const counts = minute({ ...worldAt(share), times: index + 1 >= rise.from ? rise.times : 1 });
        if (unusable(counts) === undefined) addCounts(state, counts, terms);
        const { verdict } = answerCounts(state, terms, look === length);
        if (verdict === 'pass') excluded ||= index + 1;
        if (verdict !== 'fail') continue;
        failed = index + 1;
        sums.minutes.push(at);
        break;
      }
    });
    STAGES.forEach((_, index) => {
      if (failed > 0 && failed <= index + 1) sums.foundBy[index] = (sums.foundBy[index] ?? 0) + 1;
      const fails = failed > 0 && failed <= index + 1;
      const excludes = excluded > 0 && excluded <= index + 1;
      if (excludes) sums.excludedBy[index] = (sums.excludedBy[index] ?? 0) + 1;
      if (excludes && !fails) sums.clearedBy[index] = (sums.clearedBy[index] ?? 0) + 1;
    });
  }
  sums.minutes.sort((a, b) => a - b);
  return sums;
}

const STAYS = 0.9;
const SPREAD = 0.1;

/** Log ratios of a value, spread .1, nine tenths of which stay from look to look; `shift` is added. */
function wanderingLogs(random: Random, shift: number): () => number {
  let at = SPREAD * random.normal();
  return () => {
    const now = at;
    at = STAYS * at + SPREAD * Math.sqrt(1 - STAYS ** 2) * random.normal();
    return now + shift;
  };
}

export function valueRuns(row: number, times: number, runs: number, history: boolean): number {
  let found = 0;
  for (let run = 0; run < runs; run += 1) {
    const random = seeded(row, run);
    const known = history ? valuesHistory(random) : undefined;
    const terms = {
      alpha: 0.05,
      stages: 1,
      failFrom: Math.log(1.1),
      passUnder: Math.log(1.25),
      ...defined({ history: known }),
    };
    const state = newValues();
    beginValuesStage(state, 1, terms);
    const next = wanderingLogs(random, Math.log(times));
    for (let at = 1; at <= 60; at += 1) {
      addValue(state, next());
      if (answerValues(state, terms).verdict !== 'fail') continue;
      found += 1;
      break;
    }
  }
  return found / runs;
}

function valuesHistory(random: Random): ValuesHistory | undefined {
  const state = newValues();
  const next = wanderingLogs(random, 0);
  for (let at = 0; at < HISTORY_MINUTES; at += 1) addValue(state, next());
  return learnValues(undefined, state.all);
}
