/** How far the arms wander apart on their own: measured in blocks, tempered by what earlier healthy stages have taught. */

/** Sums of one kind of counts in one interval, for both arms. */
export interface Counts {
  /** Length of the interval in minutes. */
  minutes: number;
  baseline: { n: number; x: number };
  canary: { n: number; x: number };
}

/** What stages that passed have taught about a metric: sums over their blocks, faded. */
export interface CountsHistory {
  df: number;
  S: number;
  W: number;
  J: number;
}

/** Weighted mean and spread of the blocks' log ratios. */
export interface Blocks {
  mean: number;
  W: number;
  S: number;
  S1: number;
  J: number;
  last: number;
}

export interface Dispersion {
  /** Binomial variance of the errors in each arm, and what the baseline lets expect in the canary. */
  Vb: number;
  Vc: number;
  Ve: number;
  minutes: number;
  /** The block under way. */
  open: Counts;
  /** Blocks of the whole deployment, and of the stage alone. */
  all: Blocks;
  stage: Blocks;
}

const TAU0 = 0.5;
const NU0 = 3;
const BLOCK_MINUTES = 5;
/** From this many blocks on their order says whether the wandering goes on from block to block. */
const ORDERED_FROM = 12;
const MAX_DF = 120;

const noBlocks = (): Blocks => ({ mean: 0, W: 0, S: 0, S1: 0, J: 0, last: 0 });

const noCounts = (): Counts => ({ minutes: 0, baseline: { n: 0, x: 0 }, canary: { n: 0, x: 0 } });

export function newDispersion(): Dispersion {
  return { Vb: 0, Vc: 0, Ve: 0, minutes: 0, open: noCounts(), all: noBlocks(), stage: noBlocks() };
}

/** The split moves with a stage: a block that lies in both would mix them. */
export function beginStage(dispersion: Dispersion): void {
  dispersion.open = noCounts();
  dispersion.stage = noBlocks();
}

/** Adds one interval, in place. */
export function addToDispersion(dispersion: Dispersion, { minutes, baseline, canary }: Counts): void {
  const q = canary.n / (baseline.n + canary.n);
  const spread = q * (1 - q);
  dispersion.Vb += baseline.x * spread;
  dispersion.Vc += canary.x * spread;
  dispersion.Ve += baseline.x * (canary.n / baseline.n) * spread;
  dispersion.minutes += minutes;
  const { open } = dispersion;
  open.minutes += minutes;
  open.baseline.n += baseline.n;
  open.baseline.x += baseline.x;
  open.canary.n += canary.n;
  open.canary.x += canary.x;
  // A hair under five minutes is five minutes: lengths are sums of thirds and sevenths.
  if (open.minutes < BLOCK_MINUTES - 1e-6) return;
  addBlock(dispersion.all, open);
  addBlock(dispersion.stage, open);
  dispersion.open = noCounts();
}

function addBlock(blocks: Blocks, { baseline, canary }: Counts): void {
  const y = Math.log((canary.x + 0.5) / canary.n) - Math.log((baseline.x + 0.5) / baseline.n);
  const w = 1 / (1 / (canary.x + 0.5) + 1 / (baseline.x + 0.5));
  const d = y - blocks.mean;
  const e = Math.sqrt((blocks.W * w) / (blocks.W + w)) * d;
  blocks.S += e * e;
  blocks.S1 += e * blocks.last;
  blocks.mean += (w * d) / (blocks.W + w);
  blocks.W += w;
  blocks.J += 1;
  // A zero below zero would not survive JSON.
  blocks.last = e + 0;
}

/** The overdispersion by which evidence is tempered, 1 or more. */
export function overdispersion(dispersion: Dispersion, history: CountsHistory | undefined): number {
  const { Vb, Vc, Ve, minutes, all } = dispersion;
  if (minutes === 0) return 1;
  const v = (Vb + Math.min(Vc, 2 * Ve)) / minutes;
  const { df, tau2 } = taught(history);
  const ordered = all.J > ORDERED_FROM ? 2 * Math.max(0, all.S1) : 0;
  const spread = NU0 * (1 + TAU0 * v) + df * (1 + tau2 * v) + all.S + ordered;
  return Math.max(1, spread / (NU0 + df + Math.max(0, all.J - 1)));
}

function taught(history: CountsHistory | undefined): { df: number; tau2: number } {
  if (history === undefined || history.df <= 0 || history.J <= 0 || history.W <= 0) return { df: 0, tau2: 0 };
  const tau2 = (1.5 * Math.max(0, history.S / history.df - 1) * BLOCK_MINUTES) / (history.W / history.J);
  return { df: Math.min(MAX_DF, history.df), tau2 };
}

/** Variance of the arms' log ratio per minute that history expects, and its part of the sureness, for forecasts. */
export function wanderingOf(history: CountsHistory | undefined): number {
  const { df, tau2 } = taught(history);
  return (NU0 * TAU0 + df * tau2) / (NU0 + df);
}
