/**
 * A PagerDuty of our own: it takes what the Events API v2 takes, refuses what its published schema refuses
 * (developer.pagerduty.com/docs/events-api-v2, reference/events-v2), and keeps alerts as PagerDuty does.
 */

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

export const ROUTING_KEY = 'R0123456789ABCDEF0123456789ABCDE'.slice(0, 32);

const text = { type: 'string', minLength: 1 } as const;
const summary = { ...text, maxLength: 1024 } as const;
const links = {
  type: 'array',
  items: {
    type: 'object',
    required: ['href'],
    additionalProperties: false,
    properties: { href: { type: 'string', format: 'uri' }, text },
  },
} as const;
const common = {
  summary,
  timestamp: { type: 'string', format: 'date-time' },
  source: text,
  custom_details: { type: 'object' },
} as const;

/** What the pages require; and nothing beside it, so that a field by a wrong name does not go unnoticed. */
const EVENT = {
  type: 'object',
  required: ['routing_key', 'event_action', 'dedup_key'],
  additionalProperties: false,
  properties: {
    routing_key: { type: 'string' },
    event_action: { enum: ['trigger', 'acknowledge', 'resolve'] },
    dedup_key: { ...text, maxLength: 255 },
    client: text,
    client_url: { type: 'string', format: 'uri' },
    links,
    payload: {
      type: 'object',
      required: ['summary', 'severity', 'source'],
      additionalProperties: false,
      properties: {
        ...common,
        severity: { enum: ['critical', 'warning', 'error', 'info'] },
        component: text,
        group: text,
        class: text,
      },
    },
  },
  if: { properties: { event_action: { const: 'trigger' } } },
  // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's word
  then: { required: ['payload'] },
} as const;

const CHANGE = {
  type: 'object',
  required: ['routing_key', 'payload'],
  additionalProperties: false,
  properties: {
    routing_key: { type: 'string' },
    links,
    payload: {
      type: 'object',
      required: ['summary'],
      additionalProperties: false,
      properties: common,
    },
  },
} as const;

export interface Alert {
  key: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  summary: string;
  severity: string;
  /** How often somebody was woken for it. */
  woken: number;
}

/** What it does with the next requests instead of taking them. */
export type Mood =
  | { status: number; retryAfter?: string; body?: string }
  /** The answer never comes. */
  | 'hangs'
  /** It takes it, and the connection is cut before it says so. */
  | 'takes it and is cut off';

export interface PagerDutyServer {
  url: string;
  /** Everything that was taken, in order: `trigger`, `change`. */
  taken: string[];
  bodies: Record<string, unknown>[];
  alerts: Alert[];
  changes: string[];
  /** Requests that were not taken, and why. */
  refused: string[];
  moods: Mood[];
  close(): Promise<void>;
}

export async function startPagerDuty(): Promise<PagerDutyServer> {
  const ajv = new Ajv({ allErrors: true, strictTypes: false });
  addFormats.default(ajv);
  const schemas: Record<string, ValidateFunction> = {
    '/v2/enqueue': ajv.compile(EVENT),
    '/v2/change/enqueue': ajv.compile(CHANGE),
  };
  const state: Omit<PagerDutyServer, 'url' | 'close'> = {
    taken: [],
    bodies: [],
    alerts: [],
    changes: [],
    refused: [],
    moods: [],
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const mood = state.moods.shift();
    if (mood === 'hangs') return;
    if (typeof mood === 'object') {
      state.refused.push(String(mood.status));
      response.writeHead(
        mood.status,
        mood.retryAfter === undefined ? {} : { 'retry-after': mood.retryAfter },
      );
      response.end(mood.body ?? '');
      return;
    }
    const path = request.url ?? '';
    const errors = problemsOf(schemas[path], request.method, Buffer.concat(chunks).toString());
    if (errors.length > 0) {
      state.refused.push(errors.join('; '));
      answer(response, 400, { status: 'invalid event', message: 'Event object is invalid', errors });
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    take(state, path, body);
    if (mood === 'takes it and is cut off') {
      request.socket.destroy();
      return;
    }
    answer(response, 202, { status: 'success', message: 'Event processed', dedup_key: body.dedup_key });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    ...state,
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function problemsOf(validate: ValidateFunction | undefined, method = '', text = ''): string[] {
  if (validate === undefined || method !== 'POST') return ['there is no such endpoint'];
  const body = JSON.parse(text) as { routing_key?: string };
  if (!validate(body))
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  if (body.routing_key?.length !== 32)
    return ["Length of 'routing_key' is incorrect (should be 32 characters)"];
  return body.routing_key === ROUTING_KEY ? [] : ['Invalid routing key'];
}

type Kept = Omit<PagerDutyServer, 'url' | 'close'>;

function take(state: Kept, path: string, body: Record<string, unknown>): void {
  const payload = body.payload as { summary: string; severity: string } | undefined;
  state.bodies.push(body);
  if (path === '/v2/change/enqueue') {
    state.taken.push('change');
    state.changes.push(payload?.summary ?? '');
    return;
  }
  const action = String(body.event_action);
  const key = String(body.dedup_key);
  state.taken.push(action);
  const open = state.alerts.find((one) => one.key === key && one.status !== 'resolved');
  if (action === 'trigger') {
    // Another trigger of an open alert is one more entry in its log, and wakes nobody.
    if (open !== undefined) return;
    const { summary = '', severity = '' } = payload ?? {};
    state.alerts.push({ key, status: 'triggered', summary, severity, woken: 1 });
  } else if (open !== undefined) {
    open.status = action === 'resolve' ? 'resolved' : 'acknowledged';
  }
}
