/** What Prometheus is asked for a metric: the query of a value, and of the share that counters come to. */

import { fillIn, withMatchers } from './fill-in.ts';
import type { MetricSettings } from './settings.ts';

/** A rate over less than this many scrapes says little. */
export const SCRAPES_OF_A_RATE = 4;

/** `1` is written `1.0` by some clients. */
export function bucketOf(over: number): string {
  return Number.isInteger(over) ? `le=~"${over}|${over}\\\\.0"` : `le="${over}"`;
}

export type ValueSettings = Exclude<MetricSettings, { kind: 'ratio' | 'slower' }>;

export function queryOf(
  metric: ValueSettings,
  names: Readonly<Record<string, string>>,
  arm: readonly string[],
  window: string,
): string {
  if (metric.kind === 'value') {
    // The matchers are PromQL already: they must not be quoted once more.
    return fillIn(metric.query, { ...names, window })
      .replaceAll('{{arm}}', arm.join(','))
      .replace(/,\s*\}/g, '}');
  }
  const buckets = withMatchers(fillIn(metric.histogram, names), arm, '_bucket');
  return `histogram_quantile(${metric.quantile}, sum by (le) (rate(${buckets}[${window}])))`;
}

export function shareOrValue(
  metric: MetricSettings,
  names: Readonly<Record<string, string>>,
  window: string,
): string {
  const rate = (selector: string) => `sum(rate(${selector}[${window}]))`;
  switch (metric.kind) {
    case 'ratio': {
      const [total, bad] = [metric.total, metric.bad].map((selector) =>
        withMatchers(fillIn(selector, names), []),
      );
      return `100 * (${rate(bad ?? '')} or vector(0)) / ${rate(total ?? '')}`;
    }
    case 'slower': {
      const histogram = fillIn(metric.histogram, names);
      const all = withMatchers(histogram, ['le="+Inf"'], '_bucket');
      const fast = withMatchers(histogram, [bucketOf(metric.over)], '_bucket');
      return `100 * (1 - ${rate(fast)} / ${rate(all)})`;
    }
    default:
      return queryOf(metric, names, [], window);
  }
}
