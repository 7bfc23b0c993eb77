/** Evidence from counts: errors of requests, requests slower than a bound. Sums and log likelihood ratios of constant size. */

import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { binomialCdf } from './binomial.ts';
import {
  addToDispersion,
  beginStage as beginStageOfDispersion,
  type Counts,
  type CountsHistory,
  type Dispersion,
  newDispersion,
  overdispersion,
} from './dispersion.ts';
import { EVEN, LOG_RATIOS, logEvidenceOfWorse, logEvidenceUnder, logMeanLikelihood } from './ratio-grid.ts';

/** What is enough for a metric of counts to pass and to fail. */
export interface CountsTerms {
  /** The metric's part of the deployment's alpha. */
  alpha: number;
  /** Rises under this are not worth a rollback, however sure. */
  margin: number;
  /** A rise that must be excluded for a pass. */
  harm: number;
  /** A share of bad ones too small to matter, 0 to 1; unset where every one counts. */
  negligible?: number;
  /** Stages that the deployment has planned. */
  stages: number;
  history?: CountsHistory;
}

/** Sums of the whole deployment, or of one stage. */
export interface Sums {
  /** Mantel–Haenszel sums of the rate ratio. */
  hn: number;
  hd: number;
  /** Errors in the canary, in both arms, and how many of them an equal canary would have. */
  X: number;
  m: number;
  expected: number;
  baseline: { n: number; x: number };
  canary: { n: number; x: number };
}

export interface CountsState {
  /** Log likelihood ratios of the grid against 1, from the deployment's first look. */
  logs: number[];
  /** The same at the margin and at the harm. */
  atMargin: number;
  atHarm: number;
  /** The same of the grid, from the stage's first look. */
  stageLogs: number[];
  /** Evidence of the stages that are over, summed. */
  earlier: number;
  /** Number of the stage under way, 1 for the first; 0 before it. */
  stage: number;
  /** The look at the stage's planned end was spent. */
  endSpent: boolean;
  all: Sums;
  inStage: Sums;
  dispersion: Dispersion;
}

/** Of alpha, what the looks share, and what the looks at the planned ends have. */
const LOOKS = 0.9;
const ENDS = 0.1;

const noSums = (): Sums => ({
  hn: 0,
  hd: 0,
  X: 0,
  m: 0,
  expected: 0,
  baseline: { n: 0, x: 0 },
  canary: { n: 0, x: 0 },
});

export function newCounts(): CountsState {
  return {
    logs: LOG_RATIOS.map(() => 0),
    atMargin: 0,
    atHarm: 0,
    stageLogs: LOG_RATIOS.map(() => 0),
    earlier: 0,
    stage: 0,
    endSpent: false,
    all: noSums(),
    inStage: noSums(),
    dispersion: newDispersion(),
  };
}

/** Begins a stage, in place: the evidence so far is kept, a fresh one is added to it. */
export function beginCountsStage(state: CountsState, number: number, terms: CountsTerms): void {
  if (state.stage > 0 && state.stage <= terms.stages) state.earlier += Math.exp(logOfStage(state, terms));
  state.stage = number;
  state.endSpent = false;
  state.stageLogs.fill(0);
  state.inStage = noSums();
  beginStageOfDispersion(state.dispersion);
}

/** Why an interval says nothing about the arms, if so. */
export function unusable({ minutes, baseline, canary }: Counts): string | undefined {
  const figures = [minutes, baseline.n, baseline.x, canary.n, canary.x];
  if (!figures.every(Number.isFinite)) return 'a figure that is no number';
  if (figures.some((figure) => figure < 0)) return 'a figure below zero: a counter was reset';
  if (baseline.x > baseline.n || canary.x > canary.n) return 'more bad ones than there were';
  if (canary.n === 0) return 'no request reached the canary in the last look';
  if (baseline.n === 0) return 'no request reached the baseline in the last look';
  return undefined;
}

/** Adds one interval that is usable, in place. */
export function addCounts(state: CountsState, counts: Counts, terms: CountsTerms): void {
  const { baseline, canary } = counts;
  const errors = baseline.x + canary.x;
  if (errors > 0) addLikelihoods(state, counts, terms);
  addSums(state.all, counts);
  addSums(state.inStage, counts);
  addToDispersion(state.dispersion, counts);
}

function addLikelihoods(state: CountsState, { baseline, canary }: Counts, terms: CountsTerms): void {
  const errors = baseline.x + canary.x;
  const all = baseline.n + canary.n;
  // Of all errors the canary has its share of the traffic, times the ratio: a rise that both arms share says nothing.
  const gain = (logRatio: number): number =>
    canary.x * logRatio + errors * Math.log(all / (baseline.n + Math.exp(logRatio) * canary.n));
  for (let k = 0; k < LOG_RATIOS.length; k += 1) {
    const log = gain(LOG_RATIOS[k] ?? 0);
    state.logs[k] = short((state.logs[k] ?? 0) + log);
    state.stageLogs[k] = short((state.stageLogs[k] ?? 0) + log);
  }
  state.atMargin = short(state.atMargin + gain(Math.log(terms.margin)));
  state.atHarm = short(state.atHarm + gain(Math.log(terms.harm)));
}

/** Six decimals: the record keeps what the judge remembers, and more say nothing. */
const short = (log: number): number => Math.round(log * 1e6) / 1e6 + 0;

function addSums(sums: Sums, { baseline, canary }: Counts): void {
  const q = canary.n / (baseline.n + canary.n);
  sums.hn += canary.x * (1 - q);
  sums.hd += baseline.x * q;
  sums.X += canary.x;
  sums.m += baseline.x + canary.x;
  sums.expected += (baseline.x + canary.x) * q;
  sums.baseline.n += baseline.n;
  sums.baseline.x += baseline.x;
  sums.canary.n += canary.n;
  sums.canary.x += canary.x;
}

/** The rate ratio, each interval weighed by its own split. */
export function rateRatio({ hn, hd }: Sums): number {
  return (hn + 0.25) / (hd + 0.25);
}

export function phiOf(state: CountsState, terms: CountsTerms): number {
  return overdispersion(state.dispersion, terms.history);
}

function logOfStage(state: CountsState, terms: CountsTerms): number {
  return logEvidenceOfWorse(state.stageLogs, EVEN + 1, phiOf(state, terms));
}

export interface CountsAnswer {
  verdict: 'pass' | 'fail' | 'undecided';
  /** ln of the evidence that it is worse, over the whole deployment. */
  logEvidence: number;
  /** ln of the same of the stage alone. */
  logStage: number;
  /** ln of the evidence that a rise of the harm is excluded. */
  logExcluded: number;
  phi: number;
  ratio: number;
  /** The stage could end early: not even the margin's rise is possible. */
  clear: boolean;
  negligible: boolean;
}

/** A stage that speaks this loud for "worse" is no pass, whatever the stages before it have excluded. */
const CONTRADICTS = Math.log(3);

/** Answers at one look; spends, in place, the look at the stage's planned end. */
export function answerCounts(state: CountsState, terms: CountsTerms, plannedEnd: boolean): CountsAnswer {
  const phi = phiOf(state, terms);
  const logAll = logEvidenceOfWorse(state.logs, EVEN + 1, phi);
  const logStage = logEvidenceOfWorse(state.stageLogs, EVEN + 1, phi);
  const logEvidence = combined(state, terms, logAll, logStage);
  const logExcluded = logEvidenceUnder(state.logs, Math.log(terms.harm), state.atHarm, phi);
  const logClear = logEvidenceUnder(state.logs, Math.log(terms.margin), state.atMargin, phi);
  const needed = -Math.log(terms.alpha);
  const negligible = isNegligible(state, terms, phi);
  const worse =
    !negligible &&
    ((logEvidence >= -Math.log(LOOKS * terms.alpha) && speaks(state, terms, logAll, logStage)) ||
      (plannedEnd && worseAtEnd(state, terms, phi)));
  if (plannedEnd) state.endSpent = true;
  const excluded = negligible || logExcluded >= needed;
  const passes = excluded && logStage < CONTRADICTS;
  return {
    verdict: worse ? 'fail' : passes ? 'pass' : 'undecided',
    logEvidence,
    logStage,
    logExcluded,
    phi,
    ratio: rateRatio(state.all),
    clear: passes && (negligible || logClear >= needed),
    negligible,
  };
}

/** Half of the evidence runs through the deployment, half is shared by its stages: those to come count 1 each. */
function combined(state: CountsState, terms: CountsTerms, logAll: number, logStage: number): number {
  const { stages } = terms;
  const counts = state.stage <= stages;
  const toCome = Math.max(0, stages - Math.max(1, state.stage));
  const stage = counts ? Math.exp(Math.min(logStage, 600)) : 0;
  const parts = Math.exp(Math.min(logAll, 600)) / 2 + (state.earlier + stage + toCome) / (2 * stages);
  return Math.log(parts);
}

/** Small rises are let be: the ratio must be over the margin, of the whole or of the stage whose evidence speaks. */
function speaks(state: CountsState, { margin }: CountsTerms, logAll: number, logStage: number): boolean {
  return rateRatio(state.all) >= margin || (logStage > logAll && rateRatio(state.inStage) >= margin);
}

function worseAtEnd(state: CountsState, terms: CountsTerms, phi: number): boolean {
  if (state.endSpent || state.stage > terms.stages) return false;
  const level = (ENDS * terms.alpha) / terms.stages;
  return (
    zOf(state.all) / Math.sqrt(phi) >= normalQuantile(1 - level, 0, 1) && rateRatio(state.all) >= terms.margin
  );
}

/** How far, in standard deviations, the canary's errors lie above its share of all errors; exact for small counts. */
export function zOf({ X, m, expected }: Sums): number {
  if (m === 0) return 0;
  const atLeast = 1 - (X === 0 ? 0 : binomialCdf(X - 1, m, expected / m));
  return normalQuantile(Math.min(1 - 1e-16, Math.max(1e-16, 1 - atLeast)), 0, 1);
}

/** Priors of how far under the negligible share the canary may lie: all alike, none at all among them. */
const UNDER_NEGLIGIBLE: readonly number[] = [0, ...LOG_RATIOS.slice(0, EVEN).map(Math.exp)];

/** Is the canary's share surely under what matters? The same mixture, of one arm alone against a share it may have. */
function isNegligible(state: CountsState, { negligible, alpha }: CountsTerms, phi: number): boolean {
  if (negligible === undefined || negligible <= 0) return false;
  const { n, x } = state.all.canary;
  const log = (ratio: number): number => {
    if (ratio === 0) return x > 0 ? Number.NEGATIVE_INFINITY : -n * Math.log1p(-negligible);
    return x * Math.log(ratio) + (n - x) * Math.log((1 - ratio * negligible) / (1 - negligible));
  };
  const logs = UNDER_NEGLIGIBLE.map((ratio) => log(ratio) / phi);
  const most = Math.max(...logs);
  const mean = logs.reduce((sum, each) => sum + Math.exp(each - most), 0) / logs.length;
  return most + Math.log(mean) >= -Math.log(alpha);
}

/** The stage's ratios that are not ruled out, at every look together; undefined where no end is known. */
export function intervalOf(state: CountsState, terms: CountsTerms): [number, number] | undefined {
  const { stageLogs } = state;
  const phi = phiOf(state, terms);
  const cut = (logMeanLikelihood(stageLogs, phi) + Math.log(terms.alpha)) * phi;
  const first = stageLogs.findIndex((log) => log > cut);
  const last = stageLogs.findLastIndex((log) => log > cut);
  if (first === -1 || last === stageLogs.length - 1) return undefined;
  const low = first === 0 ? 0 : crossing(stageLogs, first - 1, cut);
  return [low, crossing(stageLogs, last, cut)];
}

/** Where, between one ratio of the grid and the next, the curve meets the cut. */
function crossing(logs: readonly number[], index: number, cut: number): number {
  const left = logs[index] ?? cut;
  const right = logs[index + 1] ?? cut;
  const way = right === left ? 0 : (cut - left) / (right - left);
  const [from, to] = [LOG_RATIOS[index] ?? 0, LOG_RATIOS[index + 1] ?? 0];
  return Math.exp(from + way * (to - from));
}

/** The smallest rise that is excluded so far; undefined while none is. */
export function excludedFrom(state: CountsState, terms: CountsTerms): number | undefined {
  const phi = phiOf(state, terms);
  const needed = -Math.log(terms.alpha);
  for (let k = EVEN + 1; k < LOG_RATIOS.length; k += 1) {
    const bound = LOG_RATIOS[k] ?? 0;
    if (logEvidenceUnder(state.logs, bound, state.logs[k] ?? 0, phi) >= needed) return Math.exp(bound);
  }
  return undefined;
}

/** Minutes until it can decide if all goes on like this; undefined where that cannot be foreseen. */
export function minutesToDecide(
  state: CountsState,
  terms: CountsTerms,
  answer: CountsAnswer,
  minutes: number,
): number | undefined {
  const { baseline, canary } = state.inStage;
  if (minutes <= 0 || baseline.n === 0 || canary.n === 0 || state.all.m === 0) return undefined;
  const ratio = answer.ratio;
  const q = canary.n / (baseline.n + canary.n);
  const at = (times: number): number => (times * q) / (1 - q + times * q);
  const against = ratio >= terms.margin ? 1 : terms.harm;
  const [s, null_] = [at(ratio), at(against)];
  const perMinute =
    ((state.all.baseline.x + state.all.canary.x) / (state.all.baseline.n + state.all.canary.n)) *
    ((baseline.n + canary.n) / minutes);
  const drift =
    (perMinute * (s * Math.log(s / null_) + (1 - s) * Math.log((1 - s) / (1 - null_)))) / answer.phi;
  const missing =
    ratio >= terms.margin
      ? -Math.log(LOOKS * terms.alpha) - answer.logEvidence
      : -Math.log(terms.alpha) - answer.logExcluded;
  const needs = Math.max(0, missing) / drift;
  return Number.isFinite(needs) && needs < FORESEEABLE ? needs : undefined;
}

/** A week of minutes; what takes longer is no forecast. */
const FORESEEABLE = 7 * 24 * 60;

/** A copy that may be added to. */
export function copyCounts(state: CountsState): CountsState {
  const sums = (of: Sums): Sums => ({ ...of, baseline: { ...of.baseline }, canary: { ...of.canary } });
  const { dispersion } = state;
  return {
    ...state,
    logs: [...state.logs],
    stageLogs: [...state.stageLogs],
    all: sums(state.all),
    inStage: sums(state.inStage),
    dispersion: {
      ...dispersion,
      open: {
        minutes: dispersion.open.minutes,
        baseline: { ...dispersion.open.baseline },
        canary: { ...dispersion.open.canary },
      },
      all: { ...dispersion.all },
      stage: { ...dispersion.stage },
    },
  };
}
