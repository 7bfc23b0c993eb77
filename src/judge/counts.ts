/** Evidence from counts: errors of requests, requests slower than a bound. Sums and log likelihood ratios of constant size. */

import {
  addToDispersion,
  beginStage as beginStageOfDispersion,
  type Counts,
  type CountsHistory,
  type Dispersion,
  newDispersion,
  overdispersion,
} from './dispersion.ts';
import { EVEN, LOG_RATIOS, logEvidenceOfWorse } from './ratio-grid.ts';

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
