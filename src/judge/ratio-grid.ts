/** Rate ratios and how likely each is beforehand; mixtures of likelihood ratios over them. */

/** ln 2 / 4: four ratios to a doubling, from 1/16 to 16. */
const STEP = Math.LN2 / 4;
const REACH = 16;
/** How far, in logs, a ratio usually lies from the one it is tested against. */
const USUAL = 0.8;

/** ln r of every ratio of the grid, ascending; the middle one is 0. */
export const LOG_RATIOS: readonly number[] = Array.from(
  { length: 2 * REACH + 1 },
  (_, index) => (index - REACH) * STEP,
);

/** Index of ratio 1. */
export const EVEN = REACH;

/** ln of the prior of each ratio over 1, which together weigh 1. */
const LOG_WORSE_WEIGHTS = logWeights(LOG_RATIOS.slice(EVEN + 1), 0);

/** ln of the mean likelihood ratio of "worse" against "not worse", from each worse ratio's log likelihood ratio. */
export function logEvidenceOfWorse(logs: readonly number[], first: number, phi: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < REACH; k += 1) {
    const log = (LOG_WORSE_WEIGHTS[k] ?? 0) + (logs[first + k] ?? 0) / phi;
    if (log > most) most = log;
  }
  let sum = 0;
  for (let k = 0; k < REACH; k += 1)
    sum += Math.exp((LOG_WORSE_WEIGHTS[k] ?? 0) + (logs[first + k] ?? 0) / phi - most);
  return most + Math.log(sum);
}

/**
 * ln of the mean likelihood ratio of every ratio under `logBound` against the bound itself, whose log likelihood is
 * `atBound`: 1/alpha of it exclude the bound and what lies above.
 */
export function logEvidenceUnder(
  logs: readonly number[],
  logBound: number,
  atBound: number,
  phi: number,
): number {
  const weights = weightsUnder(logBound);
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < weights.length; k += 1) {
    const log = (weights[k] ?? 0) + ((logs[k] ?? 0) - atBound) / phi;
    if (log > most) most = log;
  }
  let sum = 0;
  for (let k = 0; k < weights.length; k += 1)
    sum += Math.exp((weights[k] ?? 0) + ((logs[k] ?? 0) - atBound) / phi - most);
  return most + Math.log(sum);
}

/** ln of the mean likelihood over the whole grid, all ratios alike, at the evidence's temper. */
export function logMeanLikelihood(logs: readonly number[], phi: number): number {
  const tempered = LOG_RATIOS.map((_, index) => (logs[index] ?? 0) / phi);
  return logSum(tempered) - Math.log(tempered.length);
}

export function logSum(logs: readonly number[]): number {
  const most = Math.max(...logs);
  if (most === Number.NEGATIVE_INFINITY) return most;
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}

const remembered = new Map<number, readonly number[]>();

/** ln of the priors of the grid's ratios under a bound; it depends on the bound alone. */
function weightsUnder(logBound: number): readonly number[] {
  const known = remembered.get(logBound);
  if (known !== undefined) return known;
  const weights = logWeights(
    LOG_RATIOS.filter((log) => log < logBound - 1e-9),
    logBound,
  );
  // A handful of bounds per policy; a caller with thousands must not fill the memory.
  if (remembered.size > 200) remembered.clear();
  remembered.set(logBound, weights);
  return weights;
}

function logWeights(logs: readonly number[], from: number): number[] {
  const plain = logs.map((log) => -(((log - from) / USUAL) ** 2) / 2);
  const total = logSum(plain);
  return plain.map((log) => log - total);
}
