/** The API over real HTTP with a real record, a clock that a test moves, and a caller that signs. */

import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { openDatabase } from '../../db/open.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import { defined } from '../../src/defined.ts';
import type { ApiOptions } from '../../src/http/api/options.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { createLog } from '../../src/log.ts';
import type { ArtifactRefusal } from '../../src/policy/artifacts.ts';
import type { Gate } from '../../src/terms/requirements.ts';
import { DAY } from '../../src/time.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';

export const SECRET = 'github-secret-of-more-than-32-characters';
export const JENKINS = 'jenkins-secret-of-more-than-32-characters';
const everything = { services: ['*'], gates: ['*'] };
export const KEYS = new Map([
  ['github', { secret: SECRET, ...everything }],
  ['jenkins', { secret: JENKINS, ...everything }],
]);
export const SHA = '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d';
export const DIGEST = `sha256:${'b'.repeat(64)}`;
const GATES: Gate[] = [
  { id: 'build', name: 'build', rule: { kind: 'passed' } },
  { id: 'unit_tests', name: 'unit tests', rule: { kind: 'pass_rate', atLeast: 100 } },
  { id: 'coverage', name: 'coverage of new code', rule: { kind: 'percent', atLeast: 80 } },
  {
    id: 'security_scan',
    name: 'security scan',
    rule: { kind: 'findings', atMost: { critical: 0, high: 0 } },
  },
  { id: 'staging_data', name: 'staging data', rule: { kind: 'passed' }, lasts: 7 * DAY },
  { id: 'artifact_tag', name: 'image tag', rule: { kind: 'passed' } },
];

export const ARTIFACT = { service: 'checkout', version: 'v2.1.0', sha: SHA, digest: DIGEST };
export const BUILD = { service: 'checkout', version: 'v2.1.0', gate: 'build', status: 'passed' };

/** What answers may hold; a test that looks for what is not there finds it undefined. */
export interface AnswerBody {
  type: string;
  detail: string;
  errors: { path: string; message: string }[];
  differs: string[];
  reference: string;
  result: string;
  release: Record<string, unknown>;
  gate: Record<string, unknown>;
  gates: Record<string, unknown>[];
  missing: { gate: string; name: string }[];
}

export interface Answer {
  status: number;
  headers: Headers;
  body: AnswerBody;
}

export interface Call {
  method?: string;
  path?: string;
  key?: string;
  secret?: string;
  timestamp?: string;
  /** Goes on the wire instead of what was signed. */
  instead?: { body?: string; path?: string; timestamp?: string; method?: string };
  headers?: Record<string, string>;
}

export interface ApiStage {
  url: string;
  server: FastifyInstance;
  stores: Stores;
  clock: ManualClock;
  wallClock: ManualClock;
  refusals: ArtifactRefusal[];
  logged: string[];
  /** Every route there is, hidden ones excluded. */
  routes: string[];
  /** How often somebody was asked to wake what was marked. */
  reported(): number;
  /** Signs and sends; `body` as JSON unless it is text already. */
  send(body: unknown, call?: Call): Promise<Answer>;
  gate(body: object, call?: Call): Promise<Answer>;
  release(body: object, call?: Call): Promise<Answer>;
  known(version: string, call?: Call): Promise<Answer>;
  close(): Promise<void>;
}

export async function startApi(more: Partial<ApiOptions> & { file?: string } = {}): Promise<ApiStage> {
  const clock = createManualClock();
  const wallClock = createManualClock();
  const stores = await openDatabase({ file: more.file ?? ':memory:' });
  const refusals: ArtifactRefusal[] = [];
  const logged: string[] = [];
  let reported = 0;
  const server = createHttpServer({
    health: async () => ({ ready: true, parts: {} }),
    alerts: { log: createLog({ level: 'silent' }), onAlert: async () => undefined },
    webhooks: { log: createLog({ level: 'silent' }), receiverOf: () => undefined },
    api: {
      keys: KEYS,
      releases: stores.releases,
      signatures: stores.signatures,
      clock,
      wallClock,
      log: createLog({ level: 'debug', destination: { write: (line) => void logged.push(line) } }),
      services: () => ['checkout', 'search'],
      versionPatternsOf: () => undefined,
      gatesOf: () => GATES,
      knownRelease: async (_service, version) => (version === 'v2.0.0' ? [{ sha: SHA, digest: DIGEST }] : []),
      reportSmoke: async () => ({ kind: 'nothing_there' }),
      reportDeployment: async () => ({ kind: 'not_taken', why: 'nothing is watched' }),
      environmentsOf: () => ['staging', 'production'],
      onReported: () => {
        reported += 1;
      },
      onArtifactRefused: (refusal) => void refusals.push(refusal),
      ...more,
    },
  });
  const routes: string[] = [];
  server.addHook('onRoute', ({ method, url, schema }) => {
    if (schema?.hide !== true) routes.push(`${String(method)} ${url}`);
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });

  const stage: ApiStage = {
    url,
    server,
    stores,
    clock,
    wallClock,
    refusals,
    logged,
    routes,
    reported: () => reported,
    async send(body, { method = 'POST', path = '/api/v1/gates', instead = {}, ...call } = {}) {
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      const timestamp = call.timestamp ?? String(Math.floor(wallClock.now() / 1000));
      const { key = 'github', secret = SECRET } = call;
      const signed = signedHeaders({ key, secret, timestamp, method, path, body: text });
      const sent = instead.body ?? text;
      const answer = await fetch(`${url}${instead.path ?? path}`, {
        method: instead.method ?? method,
        headers: {
          ...(sent === '' ? {} : { 'content-type': 'application/json' }),
          ...signed,
          ...defined({ 'x-gonogo-timestamp': instead.timestamp }),
          ...call.headers,
        },
        ...(sent === '' ? {} : { body: sent }),
      });
      return answerOf(answer);
    },
    // A second later, so that the same content is signed anew.
    gate: (body, call) => later(() => stage.send(body, call)),
    release: (body, call) => later(() => stage.send(body, { path: '/api/v1/releases', ...call })),
    known: (version, call) =>
      later(() =>
        stage.send(undefined, { method: 'GET', path: `/api/v1/releases/checkout/${version}`, ...call }),
      ),
    async close() {
      await server.close();
      await stores.close();
    },
  };
  const later = <T>(send: () => T): T => {
    wallClock.advance(1_000);
    return send();
  };
  return stage;
}

export async function answerOf(answer: Response): Promise<Answer> {
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: JSON.parse(text) as AnswerBody };
}

/** As docs/ci.md says, and not as the server does it. */
export function signedHeaders(to: {
  key: string;
  secret: string;
  timestamp: string;
  method: string;
  path: string;
  body: string;
}): Record<string, string> {
  const text = `v1:${to.timestamp}:${to.method}:${to.path}:${to.body}`;
  const signature = createHmac('sha256', to.secret).update(text).digest('hex');
  return {
    'x-gonogo-key': to.key,
    'x-gonogo-timestamp': to.timestamp,
    'x-gonogo-signature': `v1=${signature}`,
  };
}
