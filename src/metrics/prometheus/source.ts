/** Reads one window of both arms from Prometheus. */

import type { Change } from '../../backends/port.ts';
import type { MetricReading, Reading } from '../../judge/types.ts';
import type { Instant } from '../../time.ts';
import { MetricsError, type MetricsSource } from '../port.ts';
import { type Arms, armsByLabel, armsByServer } from './arms.ts';
import { check } from './check.ts';
import { skewIn } from './clocks-apart.ts';
import { history } from './history.ts';
import { type Looking, type Measured, measure } from './measure.ts';
import type { SourceOptions } from './options.ts';
import type { MetricSettings } from './settings.ts';
import { type Template, templateOf } from './templates.ts';

export function createPrometheusSource(options: SourceOptions): MetricsSource {
  const template = templateOf(options.settings);
  return {
    name: 'prometheus',
    read: (change, from, to, signal) => read(options, template, { change, from, to, signal }),
    series: (target, metric, range, signal) => {
      const asked = template.metrics[metric];
      if (asked === undefined) throw new MetricsError(`there is no metric ${metric} here`);
      const names = { service: target.service, environment: target.environment };
      return history(options, asked, names, range, signal);
    },
    check: (target, signal) => check(options, template, target, signal),
    close: () => options.client.close(),
  };
}

interface Asked {
  change: Change;
  from: Instant;
  to: Instant;
  signal: AbortSignal | undefined;
}

async function read(options: SourceOptions, template: Template, asked: Asked): Promise<Reading> {
  const { from, to, change, signal } = asked;
  const { client, scrapeInterval } = options;
  const window = { from: from - scrapeInterval, to: to - scrapeInterval };
  const looking: Looking = { client, change, window, scrapeInterval, partial: new Set(), signal };
  const arms = await armsOf(options, template, looking);
  const measured = await Promise.all(
    Object.entries(template.metrics).map(async ([metric, settings]) => ({
      metric,
      settings,
      baseline: await measure(looking, settings, arms.baseline),
      canary: await measure(looking, settings, arms.canary),
    })),
  );
  const [partial] = looking.partial;
  if (partial !== undefined) return { from, to, noData: `Prometheus has a part of it only: ${partial}` };
  const found = measured.some(({ baseline, canary }) => baseline.found || canary.found);
  if (!found) return { from, to, noData: `${nothing(change, arms)}${skewIn(client)}` };
  return { from, to, metrics: measured.map(readingOf) };
}

function armsOf(
  { settings, client }: SourceOptions,
  template: Template,
  { change, window, signal }: Looking,
): Promise<Arms> | Arms {
  if (settings.servers_by !== undefined) {
    return armsByServer(client, settings.servers_by, change, window.to, signal);
  }
  if (template.arms === undefined) throw new MetricsError(NO_ARMS);
  return armsByLabel(template.arms, change);
}

export const NO_ARMS =
  'nothing tells the old version from the new one: HAProxy knows servers only, so servers_by (or arms) must be given';

function nothing({ service, version, previous }: Change, arms: Arms): string {
  const told = (name: string, arm: string | null) => `${name} (${arm ?? 'no server of it is known'})`;
  const which = [told(version, arms.canary), ...(previous === null ? [] : [told(previous, arms.baseline)])];
  return `Prometheus has no series of ${service} for ${which.join(' or ')} in this time`;
}

function readingOf({
  metric,
  settings,
  baseline,
  canary,
}: {
  metric: string;
  settings: MetricSettings;
  baseline: Measured;
  canary: Measured;
}): MetricReading {
  if (settings.kind === 'ratio' || settings.kind === 'slower') {
    const none = { n: 0, x: 0 };
    return { metric, kind: 'counts', baseline: baseline.counts ?? none, canary: canary.counts ?? none };
  }
  return {
    metric,
    kind: 'values',
    unit: settings.unit ?? '',
    baseline: baseline.value ?? null,
    canary: canary.value ?? null,
  };
}
