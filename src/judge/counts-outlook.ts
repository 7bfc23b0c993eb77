/** What counts leave open: the ratios that are not ruled out yet, and when it could be decided. */

import { type CountsState, type CountsTerms, phiOf } from './counts.ts';
import { type CountsAnswer, LOOKS } from './counts-verdict.ts';
import { EVEN, LOG_RATIOS, logEvidenceUnder, logMeanLikelihood } from './ratio-grid.ts';

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
