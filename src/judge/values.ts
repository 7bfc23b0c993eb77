/** Evidence from values (CPU, a queue, a latency): the log ratio of both arms per look, which leans on the look before. */

import { logSum } from './ratio-grid.ts';

/** Sums of a series of log ratios: all that its likelihood needs. */
export interface Series {
  n: number;
  sum: number;
  squares: number;
  /** Sum of each with the one before. */
  cross: number;
  first: number;
  last: number;
}

/** What stages that passed have taught about how a metric wanders: sums about each stage's own mean, faded. */
export interface ValuesHistory {
  n: number;
  stages: number;
  squares: number;
  cross: number;
  /** Squares of the first and the last of each stage. */
  ends: number;
}

export interface ValuesState {
  all: Series;
  inStage: Series;
  /** Evidence of the stages that are over, summed. */
  earlier: number;
  stage: number;
}

export interface ValuesTerms {
  alpha: number;
  stages: number;
  /** ln of the ratio over which it is worse, and of the one that must be excluded. */
  failFrom: number;
  passUnder: number;
  history?: ValuesHistory;
}

const PERSISTENCE: readonly number[] = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98];
const WIDTHS: readonly number[] = [1, 3];
/** How far a shift may lie that history has made a stranger. */
const WIDTHS_KNOWN: readonly number[] = [1, 3, 10];
const SURENESS = 2;
const SPREAD = 0.02;
const LEAST_LOOKS = 3;

const noSeries = (): Series => ({ n: 0, sum: 0, squares: 0, cross: 0, first: 0, last: 0 });

export const newValues = (): ValuesState => ({
  all: noSeries(),
  inStage: noSeries(),
  earlier: 0,
  stage: 0,
});

/** Begins a stage, in place. */
export function beginValuesStage(state: ValuesState, number: number, terms: ValuesTerms): void {
  if (state.stage > 0 && state.stage <= terms.stages)
    state.earlier += Math.exp(Math.min(600, logOfWorse(state.inStage, terms)));
  state.stage = number;
  state.inStage = noSeries();
}

/** A ratio of nothing is none: both figures are at least this. */
export function logRatio(baseline: number, canary: number, floor: number): number {
  return Math.log(Math.max(canary, floor) / Math.max(baseline, floor));
}

/** Adds one look's log ratio, in place. */
export function addValue(state: ValuesState, d: number): void {
  addTo(state.all, d);
  addTo(state.inStage, d);
}

function addTo(series: Series, d: number): void {
  if (series.n === 0) series.first = short(d);
  else series.cross = short(series.cross + d * series.last);
  series.n += 1;
  series.sum = short(series.sum + d);
  series.squares = short(series.squares + d * d);
  series.last = short(d);
}

/** Nine decimals: the record keeps what the judge remembers, and more say nothing. */
const short = (value: number): number => Math.round(value * 1e9) / 1e9 + 0;

/** The sums of the same series with every value moved down. */
function shifted({ n, sum, squares, cross, first, last }: Series, by: number): Series {
  return {
    n,
    sum: sum - n * by,
    squares: squares - 2 * by * sum + n * by * by,
    cross: cross - by * (sum - first + (sum - last)) + Math.max(0, n - 1) * by * by,
    first: first - by,
    last: last - by,
  };
}

interface Whitened {
  A: number;
  B: number;
  C: number;
}

/** Length, sum and sum of squares once what each look owes to the one before is taken away. */
function whiten(series: Series, rho: number): Whitened {
  const { n, sum, squares, cross, first, last } = series;
  const A = 1 - rho ** 2 + (n - 1) * (1 - rho) ** 2;
  const B = (1 - rho ** 2) * first + (1 - rho) * (sum - first - rho * (sum - last));
  const C = squareSum({ squares, cross, ends: first ** 2 + last ** 2 }, rho);
  return { A, B, C: Math.max(0, C) };
}

function squareSum({ squares, cross, ends }: Pick<ValuesHistory, 'squares' | 'cross' | 'ends'>, rho: number) {
  return (1 + rho ** 2) * squares - 2 * rho * cross - rho ** 2 * ends;
}

interface Prior {
  /** ln of its weight. */
  weight: number;
  rho: number;
  /** How sure the spread is known beforehand, in looks, and its size. */
  a0: number;
  s: number;
}

/** ln of the mixture over persistence and size of the shift, against no shift at the persistence that fits best. */
export function logEvidence(series: Series, shift: number, history: ValuesHistory | undefined): number {
  if (series.n === 0) return 0;
  const moved = shifted(series, shift);
  const priors = priorsFrom(history);
  const widths = history === undefined ? WIDTHS : WIDTHS_KNOWN;
  const nulls: number[] = [];
  const worse: number[] = [];
  for (const { weight, rho, a0, s } of priors) {
    const { A, B, C } = whiten(moved, rho);
    const power = -(moved.n + a0) / 2;
    const common = Math.log(1 - rho ** 2) / 2 + (a0 / 2) * Math.log(s);
    nulls.push((history === undefined ? 0 : weight) + common + power * Math.log(C + s));
    for (const width of widths) {
      const c = width ** 2 / (1 - rho ** 2);
      const fit = Math.max(0, C - (B ** 2 * c) / (1 + A * c));
      worse.push(
        weight - Math.log(widths.length) + common + power * Math.log(fit + s) - Math.log(1 + A * c) / 2,
      );
    }
  }
  // What history has made unlikely does not excuse a shift; without it, the best excuse counts.
  return logSum(worse) - (history === undefined ? Math.max(...nulls) : logSum(nulls));
}

const UNTAUGHT: readonly Prior[] = PERSISTENCE.map((rho) => ({
  weight: -Math.log(PERSISTENCE.length),
  rho,
  a0: SURENESS,
  s: SURENESS * SPREAD ** 2 * (1 - rho ** 2),
}));

/** Without history all persistences are alike; with one they weigh as it makes them likely. */
function priorsFrom(history: ValuesHistory | undefined): readonly Prior[] {
  if (history === undefined || history.n < 2) return UNTAUGHT;
  const { n, stages } = history;
  const logs = UNTAUGHT.map(
    ({ rho, a0, s }) =>
      (stages / 2) * Math.log(1 - rho ** 2) +
      (a0 / 2) * Math.log(s) -
      ((n + a0) / 2) * Math.log(Math.max(0, squareSum(history, rho)) + s),
  );
  const total = logSum(logs);
  return UNTAUGHT.map(({ rho }, index) => {
    const a0 = Math.min(30, Math.max(3, (n * (1 - rho)) / (1 + rho)));
    const spread = Math.max(1e-8, squareSum(history, rho) / Math.max(1, n - stages));
    return { weight: (logs[index] ?? 0) - total, rho, a0, s: a0 * spread };
  });
}

export interface ValuesAnswer {
  verdict: 'pass' | 'fail' | 'undecided';
  /** ln of the evidence that it is worse; 0 or less where the mean is under the bound. */
  logEvidence: number;
  logExcluded: number;
  /** The canary's over the baseline's, a geometric mean. */
  ratio: number;
}

const meanOf = ({ n, sum }: Series): number => (n === 0 ? 0 : sum / n);

/** A shift to the good side is no evidence of harm, however sure. */
function logOfWorse(series: Series, { failFrom, history }: ValuesTerms): number {
  const log = logEvidence(series, failFrom, history);
  return meanOf(series) > failFrom ? log : Math.min(0, log);
}

export function answerValues(state: ValuesState, terms: ValuesTerms): ValuesAnswer {
  const { all, inStage } = state;
  const { failFrom, passUnder, history, stages } = terms;
  const over = meanOf;
  const logAll = logOfWorse(all, terms);
  const logStage = logOfWorse(inStage, terms);
  const stage = state.stage <= stages ? Math.exp(Math.min(600, logStage)) : 0;
  const toCome = Math.max(0, stages - Math.max(1, state.stage));
  const log = Math.log(Math.exp(Math.min(600, logAll)) / 2 + (state.earlier + stage + toCome) / (2 * stages));
  const needed = -Math.log(2 * terms.alpha);
  const enough = inStage.n >= LEAST_LOOKS;
  const speaks = Math.max(over(all), over(inStage)) > failFrom;
  const logExcluded = over(all) < passUnder ? logEvidence(all, passUnder, history) : 0;
  const excluded = logExcluded >= needed && over(inStage) < passUnder;
  return {
    verdict: enough && speaks && log >= needed ? 'fail' : enough && excluded ? 'pass' : 'undecided',
    logEvidence: log,
    logExcluded,
    ratio: Math.exp(over(all)),
  };
}
