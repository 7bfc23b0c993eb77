/** What counts say at one look: worse, fine or undecided, and how loud. */

import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { binomialCdf } from './binomial.ts';
import { type CountsState, type CountsTerms, phiOf, rateRatio, type Sums } from './counts.ts';
import { EVEN, LOG_RATIOS, logEvidenceOfWorse, logEvidenceUnder } from './ratio-grid.ts';

/** Of alpha, what the looks share, and what the looks at the planned ends have. */
export const LOOKS = 0.9;

const ENDS = 0.1;

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
