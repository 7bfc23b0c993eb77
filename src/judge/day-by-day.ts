/** Without a second arm, where minutes have too few errors to tell: the time since a change against the same hours of days before it. */

import type { BeforeAfterAnswer } from './before-after.ts';
import { binomialCdf } from './binomial.ts';

export interface DaysApart {
  /** Share of errors since the change, in percent, and the requests that it is of. */
  after: number | null;
  requests: number;
  /** The same of each earlier day that is known. */
  before: readonly number[];
  margin: number;
  /** Percent: what is too small to matter. */
  negligible?: number;
}

const ENOUGH_DAYS = 2;
/** One day is as good as another by chance: so rarely is it called worse for that. */
const BY_CHANCE = 0.01;

/** Worse is what is surely over the worst of those days by the margin: days differ on their own. */
export function againstDays({
  after,
  requests,
  before,
  margin,
  negligible = 0,
}: DaysApart): BeforeAfterAnswer {
  if (after === null || before.length < ENOUGH_DAYS)
    return { verdict: 'undecided', because: 'too few earlier days are known to compare with', thin: true };
  const worst = Math.max(...before);
  const mean = before.reduce((sum, day) => sum + day, 0) / before.length;
  const errors = (share: number): number => Math.round((share * requests) / 100);
  const [now, then] = [errors(after), errors(worst)];
  const chance = margin / (1 + margin);
  const isChance = now === 0 || 1 - binomialCdf(now - 1, now + then, chance) > BY_CHANCE;
  const isWorse = after > negligible && after > margin * worst && !isChance;
  return {
    verdict: isWorse ? 'fail' : 'pass',
    score: worst === 0 ? 0 : after / worst,
    effect: mean === 0 ? null : after / mean,
  };
}
