/** Prometheus as a source of signals: alerts by the series ALERTS, errors in logs by queries that count them. */

import { z } from 'zod';
import { type AdapterContext, adapterKind } from '../adapters/kind.ts';
import type { Change } from '../backends/port.ts';
import { defined } from '../defined.ts';
import { MetricsError } from '../metrics/port.ts';
import { createClient, type PrometheusClient, type Series } from '../metrics/prometheus/client.ts';
import { fillIn } from '../metrics/prometheus/fill-in.ts';
import { connectionSettings, refuseUnsafe } from '../metrics/prometheus/settings.ts';
import type { FiredAlert, Signals } from '../terms/signals.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../time.ts';
import { SignalError, type SignalSource } from './port.ts';
import { isCritical } from './severity.ts';

const query = (what: string) =>
  z
    .string()
    .min(1)
    .max(2_000)
    .meta({
      description: `PromQL that counts ${what} in {{window}}; {{service}}, {{environment}} and {{version}} are filled in`,
    })
    .optional();

const settings = z.strictObject({
  ...connectionSettings,
  alerts: z
    .string()
    .min(1)
    .max(1_000)
    .default('service="{{service}}"')
    .meta({ description: 'label matchers of the alerts that are about the service' }),
  critical_errors: query('critical errors in the logs of the new version'),
  log_errors: query('errors in the logs'),
});

type Settings = z.output<typeof settings>;

export const prometheus = adapterKind({
  summary: 'alerts of Prometheus by the series ALERTS, and log errors by queries',
  settings,
  example: { url: 'https://prometheus.example.com' },
  open(opened, context): SignalSource {
    refuseUnsafe(opened);
    return createSource(opened, createClient(opened, context), context);
  },
});

/** An alert that fires for longer than this was there before. */
const LOOKS_BACK = HOUR;
const STEP = 15 * SECOND;

function createSource(opened: Settings, client: PrometheusClient, _context: AdapterContext): SignalSource {
  return {
    name: 'prometheus',
    async read(change, from, to, signal): Promise<Signals> {
      try {
        const [alerts, criticalErrors, logErrors] = await Promise.all([
          fired(opened, client, { change, from, to }, signal),
          counted(opened.critical_errors, client, { change, from, to }, signal),
          counted(opened.log_errors, client, { change, from, to }, signal),
        ]);
        return { alerts, ...defined({ criticalErrors, logErrors }) };
      } catch (error) {
        if (error instanceof MetricsError) throw new SignalError(error.message, { cause: error });
        throw error;
      }
    },
    close: () => client.close(),
  };
}

interface Asked {
  change: Change;
  from: Instant;
  to: Instant;
}

const namesOf = ({ change, from, to }: Asked) => ({
  service: change.service,
  environment: change.environment,
  version: change.version,
  window: `${Math.max(1, Math.round((to - from) / SECOND))}s`,
});

async function fired(
  { alerts }: Settings,
  client: PrometheusClient,
  asked: Asked,
  signal: AbortSignal | undefined,
): Promise<FiredAlert[]> {
  const matchers = fillIn(alerts, namesOf(asked));
  const range = { from: asked.from - LOOKS_BACK, to: asked.to, step: STEP };
  const { series, partial } = await client.queryRange(
    `ALERTS{alertstate="firing",${matchers}}`,
    range,
    signal,
  );
  if (partial.length > 0) throw new SignalError(`Prometheus answers in part: ${partial.join('; ')}`);
  return series.flatMap((one) => alertOf(one, asked.from));
}

/** Its last time without a break, where that reaches into the window. */
function alertOf({ labels, samples }: Series, from: Instant): FiredAlert[] {
  const last = samples.at(-1);
  if (last === undefined || last.at < from) return [];
  let since = last.at;
  for (const { at } of [...samples].reverse()) {
    if (since - at > 2 * STEP) break;
    since = at;
  }
  const { __name__: _name, alertname = 'an alert', alertstate: _state, ...own } = labels;
  const id = JSON.stringify([alertname, Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return [{ id: id.slice(0, 500), name: alertname, critical: isCritical(own.severity), at: toMinute(since) }];
}

/** Where the samples of two looks lie differently, it is the same beginning. */
const toMinute = (at: Instant): Instant => Math.round(at / MINUTE) * MINUTE;

async function counted(
  text: string | undefined,
  client: PrometheusClient,
  asked: Asked,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  if (text === undefined) return undefined;
  const { series, partial } = await client.query(fillIn(text, namesOf(asked)), asked.to, signal);
  if (partial.length > 0) throw new SignalError(`Prometheus answers in part: ${partial.join('; ')}`);
  const sum = series.reduce((total, { samples }) => total + (samples.at(-1)?.value ?? 0), 0);
  if (!Number.isFinite(sum) || sum < 0) throw new SignalError(`${sum} errors cannot be`);
  return Math.round(sum);
}
