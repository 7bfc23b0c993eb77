/** Without a second arm: half an hour after a change against the time before it, and against days without a change. */

export interface BeforeAfterSeries {
  /** One figure a minute; NaN or null where there is none. */
  values: readonly (number | null)[];
  /** Index of the first minute after the change. */
  change: number;
  /** Index of the minute with which it began, where it took a while; what lies between is neither before nor after. */
  began?: number;
  worse: 'higher' | 'lower' | 'either';
}

export type BeforeAfterAnswer =
  | { verdict: 'pass' | 'fail'; score: number; effect: number | null }
  /** `thin`: there is too little history to compare with, and rules alone can speak. */
  | { verdict: 'undecided'; because: string; thin?: true };

/** What came of one metric; `effect` is after over before. */
export interface ComparedMetric {
  metric: string;
  verdict: 'pass' | 'fail' | 'undecided';
  effect?: number;
  because?: string;
  /** There is too little history, or no source of it: rules alone can speak, and that is no reason to ask. */
  thin?: true;
  /** Its mean over the hour before the start, where no arm beside it was measured. */
  before?: number;
  /** Nothing judges it: it was read for the table of before and after alone. */
  figureOnly?: true;
}

/** Minutes watched after a change, and looked back at before it. */
export const WATCHED = 30;
const BEFORE = 60;
const DAY = 1_440;
const LENGTHS: readonly number[] = [2, 5, 10, 20];
const CHANGED_FROM = 4.7;
/** Pseudo-changes: how far apart, how far back, and how few are too few. */
const EVERY = 20;
const REACH = 3 * DAY;
const ENOUGH = 5;

/** One answer, half an hour after the change: it is not asked again and again. */
export function beforeAfter({ values, change, began = change, worse }: BeforeAfterSeries): BeforeAfterAnswer {
  const sign = worse === 'lower' ? -1 : 1;
  const v = values.map((value) => (value === null || !Number.isFinite(value) ? Number.NaN : sign * value));
  if (v.length < change + WATCHED) return undecided(`${WATCHED} minutes after the change are not over yet`);
  const known = v.slice(0, began).filter((value) => !Number.isNaN(value)).length;
  if (known < DAY * 0.8)
    return { ...undecided('less than a day of history: threshold rules alone can speak'), thin: true };
  const gap = change - began;
  const smooth = runningMedian(v);
  const absolute = worse === 'either';
  const now = residuals(v, smooth, change, gap);
  if (now === undefined) return undecided('too many minutes around the change are without a figure');
  const usual = pseudoChanges(v, smooth, change, gap, absolute);
  if (usual.length < ENOUGH) return undecided('too little history without gaps to compare with');
  const day = v.slice(Math.max(0, began - DAY), began).filter((value) => !Number.isNaN(value));
  // Where most minutes have nothing, a single error of few requests is any number of times as much.
  if (median(day) === 0)
    return { ...undecided('most minutes have none at all: threshold rules alone can speak'), thin: true };
  const epsilon = smallest(day);
  const scores = LENGTHS.map((length, index) => {
    const usually = median(usual.map((sizes) => sizes[index] ?? Number.NaN));
    return (largest(now.values, length, absolute) + epsilon) / (usually + epsilon);
  });
  const score = Math.max(...scores);
  const base = median(v.slice(began - BEFORE, began));
  const after = median(v.slice(change, change + WATCHED));
  return {
    verdict: score >= CHANGED_FROM ? 'fail' : 'pass',
    score,
    effect: base === 0 || !Number.isFinite(after / base) ? null : after / base,
  };
}

const undecided = (because: string) => ({ verdict: 'undecided' as const, because });

/** The minutes after a change, less those before it, less what the days before did at the same time. */
function residuals(
  v: readonly number[],
  smooth: readonly number[],
  change: number,
  gap: number,
): { values: number[]; controlled: boolean } | undefined {
  const before = (at: number): number => median(v.slice(at - gap - BEFORE, at - gap));
  if (change - gap < BEFORE) return undefined;
  const base = before(change);
  const days = [1, 2, 3, 4].flatMap((k) => {
    const at = change - k * DAY;
    return at - gap < BEFORE ? [] : [{ at, base: before(at) }];
  });
  const values = Array.from({ length: WATCHED }, (_, j) => {
    const control = median(days.map((day) => (smooth[day.at + j] ?? Number.NaN) - day.base));
    return (v[change + j] ?? Number.NaN) - base - (days.length === 0 || Number.isNaN(control) ? 0 : control);
  });
  const known = values.filter((value) => !Number.isNaN(value)).length;
  return known < WATCHED * 0.8 || Number.isNaN(base)
    ? undefined
    : { values: values.map((value) => (Number.isNaN(value) ? 0 : value)), controlled: days.length > 0 };
}

/** The same figure at moments without a change: per length, how large it usually is. */
function pseudoChanges(
  v: readonly number[],
  smooth: readonly number[],
  change: number,
  gap: number,
  absolute: boolean,
): number[][] {
  const all: { sizes: number[]; controlled: boolean }[] = [];
  for (let at = change - gap - WATCHED; at >= Math.max(BEFORE, change - gap - REACH); at -= EVERY) {
    const rest = residuals(v, smooth, at, gap);
    if (rest === undefined) continue;
    const sizes = LENGTHS.map((length) => largest(rest.values, length, absolute));
    all.push({ sizes, controlled: rest.controlled });
  }
  const controlled = all.filter((one) => one.controlled);
  return (controlled.length >= ENOUGH ? controlled : all).map(({ sizes }) => sizes);
}

/** The largest mean of so many minutes in a row; where only one side is worse, without the other. */
function largest(values: readonly number[], length: number, absolute: boolean): number {
  let sum = values.slice(0, length).reduce((total, value) => total + value, 0);
  let most = absolute ? Math.abs(sum) : sum;
  for (let end = length; end < values.length; end += 1) {
    sum += (values[end] ?? 0) - (values[end - length] ?? 0);
    most = Math.max(most, absolute ? Math.abs(sum) : sum);
  }
  return Math.max(0, most / length);
}

function smallest(day: readonly number[]): number {
  const middle = median(day);
  const around = median(day.map((value) => Math.abs(value - middle)));
  return 0.01 * around + 0.001 * Math.abs(middle) + 1e-9;
}

/** Of the known values; NaN of none. */
function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half] ?? Number.NaN;
  return ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2;
}

const AROUND = 5;

function runningMedian(v: readonly number[]): number[] {
  return v.map((_, index) => median(v.slice(Math.max(0, index - AROUND), index + AROUND + 1)));
}
