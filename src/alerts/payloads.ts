/** Alerts that monitoring posts to us itself: Alertmanager's webhook (version 4), Grafana's, PagerDuty's (v3). */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Alert } from './alert.ts';

const MAX_ALERTS = 200;
/** What is longer is read so far: it is kept until it is answered, and drawn in a line or three. */
const MAX = { title: 300, line: 600, lines: 50, labels: 100, key: 500 } as const;
/** Two that differ at their end only are two: what is cut off is told apart by its hash. */
const short = (key: string): string =>
  key.length <= MAX.key
    ? key
    : `${clipped(key, MAX.title)} ${createHash('sha256').update(key).digest('base64url')}`;
const clipped = (text: string, most: number): string => text.slice(0, most);

const strings = z.record(z.string(), z.coerce.string()).default({});

const prometheusAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: strings,
  annotations: strings,
  startsAt: z.iso.datetime({ offset: true }).optional(),
  generatorURL: z.string().optional(),
  fingerprint: z.string().optional(),
});

/** prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const alertmanagerSchema = z.object({
  version: z.literal('4'),
  groupKey: z.string(),
  status: z.enum(['firing', 'resolved']),
  receiver: z.string().default(''),
  groupLabels: strings,
  commonLabels: strings,
  commonAnnotations: strings,
  externalURL: z.string().optional(),
  alerts: z.array(prometheusAlert).min(1).max(MAX_ALERTS),
});

/** grafana.com/docs/grafana/latest/alerting → webhook notifier: Alertmanager's fields with another version, and its own. */
const grafanaSchema = alertmanagerSchema.extend({
  version: z.literal('1'),
  orgId: z.int(),
  title: z.string(),
  state: z.string().optional(),
  message: z.string().optional(),
});

/** developer.pagerduty.com/docs/webhooks-overview */
const pagerDutySchema = z.object({
  event: z.object({
    id: z.string(),
    event_type: z.string().startsWith('incident.'),
    occurred_at: z.iso.datetime({ offset: true }),
    data: z.object({
      id: z.string(),
      type: z.literal('incident'),
      title: z.string(),
      status: z.enum(['triggered', 'acknowledged', 'resolved']),
      html_url: z.string().optional(),
      urgency: z.string().optional(),
      incident_key: z.string().nullish(),
      service: z.object({ id: z.string(), summary: z.string() }).nullish(),
    }),
  }),
});

export type WebhookKind = 'alertmanager' | 'grafana' | 'pagerduty';

/** An alert with the name under which it is told again: its end has the same. */
export interface ReportedAlert extends Alert {
  key: string;
  /** When it began, by its sender's clock (UTC). */
  firedAt?: number;
}

export type ReadPayload = { ok: true; alerts: ReportedAlert[] } | { ok: false; problem: string };

export function readPayload(kind: WebhookKind, body: unknown): ReadPayload {
  switch (kind) {
    case 'alertmanager':
      return read(alertmanagerSchema, body, (group) => prometheusAlerts('alertmanager', group));
    case 'grafana':
      return read(grafanaSchema, body, (group) => prometheusAlerts('grafana', group));
    case 'pagerduty':
      return read(pagerDutySchema, body, pagerDutyAlerts);
  }
}

function read<S extends z.ZodType>(
  schema: S,
  body: unknown,
  alertsOf: (payload: z.infer<S>) => ReportedAlert[],
): ReadPayload {
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, alerts: alertsOf(parsed.data) };
  return { ok: false, problem: z.prettifyError(parsed.error) };
}

type PrometheusGroup = z.infer<typeof alertmanagerSchema> | z.infer<typeof grafanaSchema>;

function prometheusAlerts(source: 'alertmanager' | 'grafana', group: PrometheusGroup): ReportedAlert[] {
  return group.alerts.map(({ status, labels, annotations, fingerprint, startsAt = '' }) => ({
    source,
    status,
    title: clipped(labels.alertname || annotations.summary || group.groupKey, MAX.title),
    labels: Object.fromEntries(
      Object.entries(labels)
        .slice(0, MAX.labels)
        .map(([name, value]) => [name.toLowerCase(), clipped(value, MAX.line)]),
    ),
    lines: Object.values(annotations)
      .slice(0, MAX.lines)
      .map((line) => clipped(line, MAX.line)),
    // The same alert fires again another day: it is its beginning that tells them apart.
    ...(startsAt === '' ? {} : { firedAt: Date.parse(startsAt) }),
    key: short(`${source} ${fingerprint ?? JSON.stringify(Object.entries(labels).toSorted())} ${startsAt}`),
  }));
}

function pagerDutyAlerts({
  event: { data, occurred_at: occurredAt },
}: z.infer<typeof pagerDutySchema>): ReportedAlert[] {
  const service = data.service?.summary;
  return [
    {
      source: 'pagerduty',
      status: data.status === 'triggered' ? 'firing' : data.status,
      title: clipped(data.title, MAX.title),
      labels: service === undefined ? {} : { service: clipped(service, MAX.line) },
      lines: data.urgency === undefined ? [] : [`urgency: ${data.urgency}`],
      firedAt: Date.parse(occurredAt),
      key: short(`pagerduty ${data.id}`),
    },
  ];
}
