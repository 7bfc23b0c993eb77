/** What stages that passed teach about a metric of one service and environment: small sums, faded stage by stage. */

import { defined } from '../defined.ts';
import type { Blocks, CountsHistory } from './dispersion.ts';
import type { History, JudgeState } from './types.ts';
import type { Series, ValuesHistory } from './values.ts';

/** What a stage counts less with each that follows. */
const FADE = 0.9;

/** A stage with fewer than two whole blocks has shown nothing of how they wander. */
export function learnCounts(
  history: CountsHistory | undefined,
  { J, S, W }: Blocks,
): CountsHistory | undefined {
  if (J < 2) return history;
  const { df, S: spread, W: weight, J: blocks } = history ?? { df: 0, S: 0, W: 0, J: 0 };
  return {
    df: FADE * df + J - 1,
    S: FADE * spread + S,
    W: FADE * weight + W,
    J: FADE * blocks + J,
  };
}

/** Sums about the stage's own mean: what differs for good between two arms is no wandering. */
export function learnValues(history: ValuesHistory | undefined, series: Series): ValuesHistory | undefined {
  if (series.n < 3) return history;
  const mean = series.sum / series.n;
  const [first, last] = [series.first - mean, series.last - mean];
  const was = history ?? { n: 0, stages: 0, squares: 0, cross: 0, ends: 0 };
  const ends = series.sum - series.first + (series.sum - series.last);
  return {
    n: FADE * was.n + series.n,
    stages: FADE * was.stages + 1,
    squares: FADE * was.squares + series.squares - series.n * mean ** 2,
    cross: FADE * was.cross + series.cross - mean * ends + (series.n - 1) * mean ** 2,
    ends: FADE * was.ends + first ** 2 + last ** 2,
  };
}

/** What one stage that passed has to teach, by metric. */
export type Lessons = Record<string, { counts?: Blocks; values?: Series }>;

/** Of the stage that the judge looked at last. */
export function lessonsOf({ counts, values }: Pick<JudgeState, 'counts' | 'values'>): Lessons {
  return {
    ...Object.fromEntries(
      Object.entries(counts).map(([metric, { dispersion }]) => [metric, { counts: dispersion.stage }]),
    ),
    ...Object.fromEntries(
      Object.entries(values).map(([metric, { inStage }]) => [metric, { values: inStage }]),
    ),
  };
}

/** A metric that is measured otherwise than it was begins anew. */
export function learn(before: History[string] | undefined, lesson: Lessons[string]): History[string] {
  const counts = lesson.counts && learnCounts(before?.counts, lesson.counts);
  const values = lesson.values && learnValues(before?.values, lesson.values);
  return { ...defined({ counts, values }) };
}
