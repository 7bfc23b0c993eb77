/** GoNoGo's own HTTP: is it alive, is it ready, CI's API, and Slack's deliveries where they come over HTTP. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { ALERTS_PATH, type AlertDoorOptions, addAlertDoor } from './alert-door.ts';
import { API_PATH, addApi } from './api/api.ts';
import type { ApiOptions } from './api/options.ts';
import { addWebhookDoor, WEBHOOKS_PATH, type WebhookDoorOptions } from './webhook-door.ts';

export interface Health {
  ready: boolean;
  /** One line per part, for whoever asks why. */
  parts: Record<string, string>;
}

export interface HttpOptions {
  health(): Promise<Health>;
  /** Bolt's request listener, where Slack delivers over HTTP instead of a socket. */
  slack?: (request: IncomingMessage, response: ServerResponse) => void;
  api: ApiOptions;
  alerts: AlertDoorOptions;
  webhooks: WebhookDoorOptions;
}

export const SLACK_PATH = '/slack/events';

/** `GET /healthz` answers while the process lives; `GET /readyz` 200 or 503 with the reason. */
export function createHttpServer(options: HttpOptions): FastifyInstance {
  const server = Fastify({ logger: false, bodyLimit: 1024 * 1024, trustProxy: false });
  const { slack } = options;
  if (slack) {
    // Bolt reads and verifies the raw body itself, so it gets the request before anything has touched it.
    server.addHook('onRequest', async (request, reply) => {
      if (request.url.split('?', 1)[0] !== SLACK_PATH) return;
      reply.hijack();
      slack(request.raw, reply.raw);
    });
    server.post(SLACK_PATH, async () => undefined);
  }
  server.addHook('onSend', async (_request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
  });
  server.get('/healthz', async () => ({ ok: true }));
  server.get('/readyz', async (_request, reply) => {
    const health = await options.health();
    return reply.code(health.ready ? 200 : 503).send(health);
  });
  server.register(async (api) => addApi(api, options.api), { prefix: API_PATH });
  server.register(async (door) => addAlertDoor(door, options.alerts), { prefix: ALERTS_PATH });
  server.register(async (door) => addWebhookDoor(door, options.webhooks), { prefix: WEBHOOKS_PATH });
  return server;
}
