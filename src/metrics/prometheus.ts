/** Prometheus, and what speaks its query API, as a kind of metric source. */

import { type AdapterContext, adapterKind } from '../adapters/kind.ts';
import { parseDuration } from '../config/durations.ts';
import type { MetricsSource } from './port.ts';
import { createClient } from './prometheus/client.ts';
import { type PrometheusSettings, prometheusSettings, refuseUnsafe } from './prometheus/settings.ts';
import { createPrometheusSource, NO_ARMS } from './prometheus/source.ts';
import { templateOf } from './prometheus/templates.ts';

export const prometheus = adapterKind({
  summary: 'Prometheus, or what speaks its query API (Thanos, Mimir, VictoriaMetrics)',
  settings: prometheusSettings,
  example: { url: 'https://prometheus.example.com' },
  open(settings, context): MetricsSource {
    refuse(settings);
    warn(settings, context);
    return createPrometheusSource({
      settings,
      context,
      client: createClient(settings, context),
      scrapeInterval: parseDuration(settings.scrape_interval),
    });
  },
});

/** What cannot work is said at the start and by `gonogo check`. */
function refuse(settings: PrometheusSettings): void {
  const { servers_by, scrape_interval } = settings;
  refuseUnsafe(settings);
  const { metrics, arms } = templateOf(settings);
  if (arms === undefined && servers_by === undefined) throw new Error(NO_ARMS);
  if (Object.keys(metrics).length === 0)
    throw new Error('it has no metric: name some under metrics, or a template');
  if (parseDuration(scrape_interval) === 0) throw new Error('scrape_interval must be longer than nothing');
}

function warn({ insecure }: PrometheusSettings, { log }: AdapterContext): void {
  if (insecure?.any_certificate === true) log.warn('insecure: any certificate of Prometheus is believed');
  if (insecure?.plain_http === true) log.warn('insecure: credentials go to Prometheus without TLS');
}
