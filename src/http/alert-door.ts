/** Alerts that monitoring posts itself: Alertmanager and Grafana with a token, PagerDuty with a signature (K-6). */

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ReportedAlert, readPayload, type WebhookKind } from '../alerts/payloads.ts';
import type { Log } from '../log.ts';
import { bytesOf, takeRawJson } from './raw-json.ts';

export const ALERTS_PATH = '/alerts';

export interface AlertDoorOptions {
  /** What Alertmanager and Grafana send as `Authorization: Bearer …`; unset for a closed door. */
  token?: string;
  /** By which PagerDuty signs; unset for a closed door. */
  pagerDutySecret?: string;
  log: Log;
  /** Rejects where the alert could not be passed on: then the sender tries again. */
  onAlert(alert: ReportedAlert): Promise<void>;
}

const MAX_BODY = 256 * 1024;
const MAX_PER_MINUTE = 300;

const same = (given: string, right: string): boolean =>
  timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(right).digest());

type Check = (request: FastifyRequest) => boolean;

export async function addAlertDoor(server: FastifyInstance, options: AlertDoorOptions): Promise<void> {
  await takeRawJson(server, { maxPerMinute: MAX_PER_MINUTE, bodyLimit: MAX_BODY });
  const { token, pagerDutySecret } = options;
  open(server, options, 'alertmanager', 'GONOGO_ALERT_TOKEN', token && bearer(token));
  open(server, options, 'grafana', 'GONOGO_ALERT_TOKEN', token && bearer(token));
  open(server, options, 'pagerduty', 'GONOGO_PAGERDUTY_SECRET', pagerDutySecret && signed(pagerDutySecret));
}

const bearer =
  (token: string): Check =>
  ({ headers }) =>
    same(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '', token);

/** Several signatures stand in the header while a secret is being changed: one that fits is enough. */
const signed =
  (secret: string): Check =>
  ({ headers, body }) => {
    const given = String(headers['x-pagerduty-signature'] ?? '')
      .split(',')
      .slice(0, 10);
    const bytes = bytesOf(body);
    const right = `v1=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
    return given.some((one) => same(one.trim(), right));
  };

function open(
  server: FastifyInstance,
  options: AlertDoorOptions,
  kind: WebhookKind,
  setting: string,
  isAuthentic: Check | '' | undefined,
): void {
  server.post(`/${kind}`, async (request, reply) => {
    if (!isAuthentic) return reply.code(404).send({ error: `Set ${setting}, and start GoNoGo again.` });
    if (!isAuthentic(request))
      return reply.code(401).send({ error: 'The token or the signature is not right.' });
    return take(options, kind, request, reply);
  });
}

async function take(
  { log, onAlert }: AlertDoorOptions,
  kind: WebhookKind,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const read = readPayload(kind, parsed(request.body));
  if (!read.ok) return reply.code(400).send({ error: read.problem.slice(0, 2_000) });
  try {
    for (const alert of read.alerts) await onAlert(alert);
  } catch (error) {
    log.error({ err: error, kind }, 'an alert could not be passed on; its sender is asked to try again');
    return reply.code(503).send({ error: 'It could not be passed on. Try again.' });
  }
  return reply.code(202).send({ accepted: read.alerts.length });
}

function parsed(body: unknown): unknown {
  if (!Buffer.isBuffer(body)) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // What is no JSON is refused with the words of the schema.
    return undefined;
  }
}
