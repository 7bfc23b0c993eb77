/** Reads the past of a place, metric by metric, and holds the half hour after a change against it. */

import { setImmediate } from 'node:timers/promises';
import { defined, given } from '../defined.ts';
import type { Comparison } from '../deployment/rollout/compared.ts';
import { type BeforeAfterAnswer, beforeAfter, type ComparedMetric, WATCHED } from '../judge/before-after.ts';
import { againstDays } from '../judge/day-by-day.ts';
import { messageOf } from '../message-of.ts';
import type { MetricsSource, Point } from '../metrics/port.ts';
import { DAY, type Duration, HOUR, type Instant, MINUTE } from '../time.ts';

type Series = NonNullable<MetricsSource['series']>;
export type ReadSeries = (metric: string, range: Parameters<Series>[2]) => Promise<Point[] | undefined>;

/** Four days of the same hour, and the time before each. */
const LOOKED_BACK: Duration = 4 * DAY + 2 * HOUR;

/** What fails is undecided, never fine; a source without a history leaves it to the rules. `read` answers undefined there. */
export async function compareWithBefore(comparison: Comparison, read: ReadSeries): Promise<ComparedMetric[]> {
  const { metrics, began, changed, days } = comparison;
  if (days !== undefined)
    return [{ metric: 'errors', ...(await compareDays({ began, changed, days }, read)) }];
  const minute = (at: Instant): Instant => Math.floor(at / MINUTE) * MINUTE;
  const from = minute(began) - LOOKED_BACK;
  const to = minute(changed) + MINUTE + WATCHED * MINUTE;
  const answers: ComparedMetric[] = [];
  for (const { name: metric, worse } of metrics) {
    // Each of them computes for a while: others have their turn between.
    await setImmediate();
    answers.push({ metric, ...(await answerOf(metric, worse)) });
  }
  return withFigures(answers, comparison, read);

  async function answerOf(
    metric: string,
    worse: 'higher' | 'lower',
  ): Promise<Omit<ComparedMetric, 'metric'>> {
    try {
      const points = await read(metric, { from: from + MINUTE, to, step: MINUTE });
      if (points === undefined) return NO_HISTORY;
      return told(
        beforeAfter({
          values: minutesOf(points, from, to),
          change: (to - WATCHED * MINUTE - from) / MINUTE,
          began: (minute(began) - from) / MINUTE,
          worse,
        }),
      );
    } catch (error) {
      return { verdict: 'undecided', because: messageOf(error) };
    }
  }
}

/** The table of before and after has them where no arm beside it was measured; without them it says so. */
async function withFigures(
  answers: readonly ComparedMetric[],
  { figures, began }: Comparison,
  read: ReadSeries,
): Promise<ComparedMetric[]> {
  const all = [...answers];
  for (const metric of figures) {
    const index = all.findIndex((one) => one.metric === metric);
    const judged = all[index];
    const figure = await figureBefore(metric, began, read);
    if (judged !== undefined) all[index] = { ...judged, ...figure };
    else all.push({ metric, verdict: 'undecided', thin: true, figureOnly: true, ...figure });
  }
  return all;
}

async function figureBefore(
  metric: string,
  began: Instant,
  read: ReadSeries,
): Promise<Pick<ComparedMetric, 'before' | 'because'>> {
  try {
    const points = await read(metric, { from: began - HOUR + STEP, to: began, step: STEP });
    const mean = meanOf(points, HOUR);
    return typeof mean === 'number' ? { before: short(mean) } : {};
  } catch (error) {
    return { because: messageOf(error) };
  }
}

interface Days extends Pick<Comparison, 'began' | 'changed'> {
  days: NonNullable<Comparison['days']>;
}

/** Days of which the same hours are read. */
const EARLIER_DAYS = 3;
/** Fine enough for the hours to match, and few enough points to ask for. */
const STEP: Duration = 10 * MINUTE;

async function compareDays(
  { began, changed, days }: Days,
  read: ReadSeries,
): Promise<Omit<ComparedMetric, 'metric'>> {
  const { to, requests, margin, negligible } = days;
  const from = Math.max(changed, to - DAY);
  // The newest day whose hours were all over when the rollout began.
  const first = Math.max(1, Math.ceil((to - began) / DAY));
  const shareBefore = async (back: number): Promise<number | null | undefined> =>
    meanOf(
      await read('errors', { from: from - back * DAY + STEP, to: to - back * DAY, step: STEP }),
      to - from,
    );
  try {
    const after = await shareBefore(0);
    if (after === undefined) return NO_HISTORY;
    const before: number[] = [];
    for (let day = 0; day < EARLIER_DAYS; day += 1) {
      const share = await shareBefore(first + day);
      if (share !== null && share !== undefined) before.push(share);
    }
    const seen = (requests * (to - from)) / Math.max(1, to - changed);
    return told(againstDays({ after, requests: seen, before, margin, ...defined({ negligible }) }));
  } catch (error) {
    return { verdict: 'undecided', because: messageOf(error) };
  }
}

const NO_HISTORY = {
  verdict: 'undecided',
  because: 'the source of metrics keeps no history',
  thin: true,
} as const;

function told(answer: BeforeAfterAnswer): Omit<ComparedMetric, 'metric'> {
  if (answer.verdict === 'undecided') return answer;
  return { verdict: answer.verdict, ...defined({ effect: given(answer.effect ?? undefined, short) }) };
}

/** Null where less than four fifths of the time are known. */
function meanOf(points: readonly Point[] | undefined, of: Duration): number | null | undefined {
  if (points === undefined) return undefined;
  const known = points.filter(({ value }) => Number.isFinite(value));
  if (known.length === 0 || known.length * STEP < 0.8 * of - STEP) return null;
  return known.reduce((sum, { value }) => sum + value, 0) / known.length;
}

const short = (figure: number): number => Number(figure.toPrecision(4));

/** A point stands for the minute that it ends. */
function minutesOf(points: readonly Point[], from: Instant, to: Instant): (number | null)[] {
  const values = Array.from<number | null>({ length: (to - from) / MINUTE }).fill(null);
  for (const { at, value } of points) {
    const index = Math.round((at - from) / MINUTE) - 1;
    if (index >= 0 && index < values.length) values[index] = value;
  }
  return values;
}
