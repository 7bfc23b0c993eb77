/** Reads the past of a place, metric by metric, and holds the half hour after a change against it. */

import { setImmediate } from 'node:timers/promises';
import { defined, given } from '../defined.ts';
import type { Comparison } from '../deployment/rollout/compared.ts';
import { beforeAfter, type ComparedMetric, WATCHED } from '../judge/before-after.ts';
import { messageOf } from '../message-of.ts';
import type { MetricsSource, Point } from '../metrics/port.ts';
import { DAY, type Duration, HOUR, type Instant, MINUTE } from '../time.ts';

type Series = NonNullable<MetricsSource['series']>;
export type ReadSeries = (metric: string, range: Parameters<Series>[2]) => Promise<Point[] | undefined>;

/** Four days of the same hour, and the time before each. */
const LOOKED_BACK: Duration = 4 * DAY + 2 * HOUR;

/** What fails is undecided, never fine; a source without a history leaves it to the rules. `read` answers undefined there. */
export async function compareWithBefore(
  { metrics, began, changed }: Comparison,
  read: ReadSeries,
): Promise<ComparedMetric[]> {
  const minute = (at: Instant): Instant => Math.floor(at / MINUTE) * MINUTE;
  const from = minute(began) - LOOKED_BACK;
  const to = minute(changed) + MINUTE + WATCHED * MINUTE;
  const answers: ComparedMetric[] = [];
  for (const { name: metric, worse } of metrics) {
    // Each of them computes for a while: others have their turn between.
    await setImmediate();
    answers.push({ metric, ...(await answerOf(metric, worse)) });
  }
  return answers;

  async function answerOf(
    metric: string,
    worse: 'higher' | 'lower',
  ): Promise<Omit<ComparedMetric, 'metric'>> {
    try {
      const points = await read(metric, { from: from + MINUTE, to, step: MINUTE });
      if (points === undefined)
        return { verdict: 'undecided', because: 'the source of metrics keeps no history', thin: true };
      const answer = beforeAfter({
        values: minutesOf(points, from, to),
        change: (to - WATCHED * MINUTE - from) / MINUTE,
        began: (minute(began) - from) / MINUTE,
        worse,
      });
      if (answer.verdict === 'undecided') return answer;
      return { verdict: answer.verdict, ...defined({ effect: given(answer.effect ?? undefined, short) }) };
    } catch (error) {
      return { verdict: 'undecided', because: messageOf(error) };
    }
  }
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
