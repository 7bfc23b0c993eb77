/** What a source of metrics from Prometheus is opened with. */

import type { AdapterContext } from '../../adapters/kind.ts';
import type { Duration } from '../../time.ts';
import type { PrometheusClient } from './client.ts';
import type { PrometheusSettings } from './settings.ts';

export interface SourceOptions {
  settings: PrometheusSettings;
  context: AdapterContext;
  client: PrometheusClient;
  scrapeInterval: Duration;
}
