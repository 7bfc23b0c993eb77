/** One metric of one arm in one window: what its counters rose by, or its value. */

import type { Change } from '../../backends/port.ts';
import { type Duration, SECOND } from '../../time.ts';
import { MetricsError } from '../port.ts';
import { namesOf } from './arms.ts';
import type { Answered, PrometheusClient } from './client.ts';
import { fillIn, withMatchers } from './fill-in.ts';
import { firstSeen, increaseOf, lookBack, type Window } from './increase.ts';
import { bucketOf, queryOf, SCRAPES_OF_A_RATE, type ValueSettings } from './queries.ts';
import type { MetricSettings } from './settings.ts';

type Arm = { n: number; x: number };

/** One arm's metrics in one window. `found` where there was any series of it at all. */
export interface Measured {
  counts?: Arm;
  value?: number | null;
  found: boolean;
}

/** What every query of one reading has in common. */
export interface Looking {
  client: PrometheusClient;
  change: Change;
  /** As the samples are read: earlier than asked by one scrape, so that the last one has come in. */
  window: Window;
  scrapeInterval: Duration;
  partial: Set<string>;
  signal: AbortSignal | undefined;
}

export async function measure(
  looking: Looking,
  metric: MetricSettings,
  arm: string | null,
): Promise<Measured> {
  if (arm === null) return { found: false };
  const names = namesOf(looking.change);
  switch (metric.kind) {
    case 'ratio':
      return counted(looking, {
        total: withMatchers(fillIn(metric.total, names), [arm]),
        bad: withMatchers(fillIn(metric.bad, names), [arm]),
        badIs: 'counted',
      });
    case 'slower': {
      const histogram = fillIn(metric.histogram, names);
      return counted(looking, {
        total: withMatchers(histogram, [arm, 'le="+Inf"'], '_bucket'),
        bad: withMatchers(histogram, [arm, bucketOf(metric.over)], '_bucket'),
        badIs: 'the rest',
      });
    }
    default: {
      const filled = queryOf(metric, names, [arm], windowOf(looking));
      const { series, partial } = await looking.client.query(filled, looking.window.to, looking.signal);
      for (const words of partial) looking.partial.add(words);
      return { ...valueIn(series, metric), found: series.length > 0 };
    }
  }
}

interface Counted {
  total: string;
  bad: string;
  /** `the rest`: what the second counter has not counted is bad. */
  badIs: 'counted' | 'the rest';
}

async function counted(looking: Looking, { total, bad, badIs }: Counted): Promise<Measured> {
  const { client, window, scrapeInterval, signal } = looking;
  const range = window.to - window.from + lookBack(scrapeInterval);
  const samples = async (selector: string): Promise<Answered['series']> => {
    const answered = await client.query(`${selector}[${Math.ceil(range / SECOND)}s]`, window.to, signal);
    for (const words of answered.partial) looking.partial.add(words);
    return answered.series;
  };
  const [all, some] = await Promise.all([samples(total), samples(bad)]);
  if (badIs === 'the rest' && all.length > 0 && some.length === 0) {
    throw new MetricsError(`Prometheus has no series ${bad}: is that a bucket of the histogram?`);
  }
  const seen = firstSeen(all);
  const n = Math.round(increaseOf(all, window, seen));
  const x = Math.round(increaseOf(some, window, seen));
  return { counts: { n, x: badIs === 'the rest' ? n - x : x }, found: all.length > 0 };
}

function windowOf({ window, scrapeInterval }: Looking): string {
  return `${Math.ceil(Math.max(window.to - window.from, SCRAPES_OF_A_RATE * scrapeInterval) / SECOND)}s`;
}

function valueIn(series: Answered['series'], metric: ValueSettings): { value: number | null } {
  if (series.length > 1) {
    throw new MetricsError(
      `a query of a value answers ${series.length} series, and must answer one: sum or average it`,
    );
  }
  const value = series[0]?.samples.at(-1)?.value;
  return { value: value === undefined || !Number.isFinite(value) ? null : value * (metric.scale ?? 1) };
}
