/** Evidence that may be looked at as often as one likes: mixtures of likelihood ratios, one number per grid point. */

/**
 * Rate ratios, as multiples of the margin; the grid reaches from 1/11 to 23 times it. Given the errors of both arms
 * in an interval, the canary's are binomial with a chance that only the ratio and the traffic's split decide, so a
 * rise that both arms share says nothing. Against the margin itself as the null, the expected likelihood ratio of
 * every greater ratio is at most 1 for every ratio up to the margin: by Ville's inequality the mixture exceeds
 * 1/alpha with a chance of at most alpha, over all looks together.
 */
const STEP = 2 ** 0.25;
const BELOW = 14;
const ABOVE = 18;
const GRID: readonly number[] = Array.from(
  { length: BELOW + 1 + ABOVE },
  (_, index) => STEP ** (index - BELOW),
);

/** Small rises are likelier than great ones, and a great one needs no help. */
const WORSE_WEIGHTS: readonly number[] = Array.from({ length: ABOVE }, (_, index) => 0.8 ** index);

export interface Arms {
  baseline: { n: number; x: number };
  canary: { n: number; x: number };
}

/** Adds one interval to the log likelihood ratios of the grid against the margin. */
export function addCounts(logs: readonly number[] | undefined, margin: number, arms: Arms): number[] {
  const { baseline, canary } = arms;
  const errors = baseline.x + canary.x;
  const chance = (ratio: number) => (ratio * canary.n) / (baseline.n + ratio * canary.n);
  const none = margin * canary.n * baseline.n === 0;
  return GRID.map((factor, index) => {
    const before = logs?.[index] ?? 0;
    if (none || errors === 0) return before;
    const p = chance(factor * margin);
    const p0 = chance(margin);
    return rounded(before + canary.x * Math.log(p / p0) + baseline.x * Math.log((1 - p) / (1 - p0)));
  });
}

/** How many times better "worse than the margin" explains the data than "at the margin". */
export function evidenceOfWorse(logs: readonly number[]): number {
  return Math.exp(logMean(logs.slice(BELOW + 1), WORSE_WEIGHTS));
}

/**
 * The ratios that the data have not ruled out at level alpha, valid at every look; undefined while there is no upper
 * end. Each ratio is tested by the mixture over the whole grid against it.
 */
export function ratioInterval(
  logs: readonly number[],
  margin: number,
  alpha: number,
): [number, number] | undefined {
  const cut = logMean(logs) + Math.log(alpha);
  const first = logs.findIndex((log) => log > cut);
  const last = logs.findLastIndex((log) => log > cut);
  if (first === -1 || last === logs.length - 1) return undefined;
  const low = first === 0 ? 0 : margin * crossing(logs, first - 1, cut);
  return [low, margin * crossing(logs, last, cut)];
}

/** Where, between one grid point and the next, the curve meets the cut. */
function crossing(logs: readonly number[], index: number, cut: number): number {
  const left = logs[index] ?? cut;
  const right = logs[index + 1] ?? cut;
  const way = right === left ? 0 : (cut - left) / (right - left);
  return (GRID[index] ?? 1) * STEP ** way;
}

/** Chances, per look, that a figure is over its bound; one half is what two equal arms can show at most. */
const OVER_CHANCES: readonly number[] = [0.6, 0.75, 0.9];

/** Adds one look at a value: was it over its bound or not. */
export function addSign(logs: readonly number[] | undefined, over: boolean): number[] {
  return OVER_CHANCES.map((chance, index) =>
    rounded((logs?.[index] ?? 0) + Math.log(2 * (over ? chance : 1 - chance))),
  );
}

/** How many times better "over in most looks" explains the data than "as often under as over". */
export function evidenceOfMostlyOver(logs: readonly number[]): number {
  return Math.exp(logMean(logs));
}

/** The log of the weighted mean of exponentials, without their overflow. */
function logMean(logs: readonly number[], weights?: readonly number[]): number {
  const top = Math.max(...logs);
  let sum = 0;
  let weight = 0;
  logs.forEach((log, index) => {
    const share = weights?.[index] ?? 1;
    sum += share * Math.exp(log - top);
    weight += share;
  });
  return top + Math.log(sum / weight);
}

/** The state is written at every look; five decimals are more than its noise. */
function rounded(log: number): number {
  return Math.round(log * 1e5) / 1e5;
}
