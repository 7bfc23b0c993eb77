/** The history of a metric, for where there is no second arm. */

import { type Duration, type Instant, MINUTE, SECOND } from '../../time.ts';
import { MetricsError, type Point } from '../port.ts';
import type { SourceOptions } from './options.ts';
import { SCRAPES_OF_A_RATE, shareOrValue } from './queries.ts';
import type { MetricSettings } from './settings.ts';

/** Prometheus refuses ranges of more than 11,000 points. */
const MAX_POINTS = 10_000;

/** In pieces that Prometheus takes. */
export async function history(
  { client, scrapeInterval }: SourceOptions,
  metric: MetricSettings,
  names: Readonly<Record<string, string>>,
  { from, to, step }: { from: Instant; to: Instant; step: Duration },
  signal?: AbortSignal,
): Promise<Point[]> {
  const window = `${Math.ceil(Math.max(step, SCRAPES_OF_A_RATE * scrapeInterval, MINUTE) / SECOND)}s`;
  const query = shareOrValue(metric, names, window);
  const points: Point[] = [];
  for (let start = from; start <= to; start += MAX_POINTS * step) {
    const end = Math.min(to, start + (MAX_POINTS - 1) * step);
    const { series, partial } = await client.queryRange(query, { from: start, to: end, step }, signal);
    if (partial[0] !== undefined) throw new MetricsError(`Prometheus has a part of it only: ${partial[0]}`);
    if (series.length > 1) throw new MetricsError(`a history of ${series.length} series, and must be of one`);
    const scale = 'scale' in metric ? (metric.scale ?? 1) : 1;
    for (const { at, value } of series[0]?.samples ?? []) {
      if (Number.isFinite(value)) points.push({ at, value: value * scale });
    }
  }
  return points;
}
