/** Calls to a Kubernetes API server. Credentials, certificates and proxies are the client library's. */

import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps, type RequestOptions } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import type { AdapterContext } from '../../adapters/kind.ts';
import { messageOf } from '../../message-of.ts';
import { type Duration, SECOND } from '../../time.ts';
import { BackendError } from '../port.ts';
import { type Connection, openConfig, readConnection } from './connection.ts';
import { read } from './objects.ts';

/** The API server refused, in its own words. */
export class KubeError extends BackendError {
  /** The HTTP status; 0 where it came to no request. */
  readonly code: number;

  constructor(
    code: number,
    message: string,
    options: { final: boolean; cause?: unknown; retryAfter?: Duration | undefined },
  ) {
    super(message, options);
    this.code = code;
  }

  /** What lacks something is the credentials, and not what was asked. */
  get isOfCredentials(): boolean {
    return [0, 401, 403].includes(this.code);
  }
}

export type PatchType = 'application/json-patch+json' | 'application/merge-patch+json';

export interface KubeRequest {
  method?: 'GET' | 'PATCH' | 'POST';
  /** `/apis/apps/v1/namespaces/shop/deployments/checkout` */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  type?: PatchType | 'application/json';
}

export interface KubeApi {
  call(request: KubeRequest, signal?: AbortSignal): Promise<unknown>;
  /** All pages of a list. */
  list(path: string, query: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<unknown[]>;
  /** Ends when the server ends it or the connection breaks; throws where the server refuses it. */
  watch(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): AsyncGenerator<unknown>;
}

const ANSWERS_WITHIN: Duration = 10 * SECOND;
const MAX_BYTES = 20_000_000;
const PAGE = 500;
const MAX_PAGES = 20;
/** A server that is busy says when to come back; longer than this is somebody else's decision. */
const MAX_WAIT: Duration = 5 * SECOND;
const TRIES = 3;

const statusSchema = z.object({ message: z.string(), reason: z.string().optional() });

export function createKubeApi(connection: Connection, context: AdapterContext): KubeApi {
  let known: { secrets: string; config: Promise<KubeConfig> } | undefined;

  /** One as long as its secrets stay: a program that the kubeconfig names for its tokens is not run for each call. */
  async function config(): Promise<KubeConfig> {
    try {
      const secrets = readConnection(connection, context);
      const joined = secrets.join('\n');
      if (known?.secrets !== joined) known = { secrets: joined, config: openConfig(connection, secrets) };
      return await known.config;
    } catch (error) {
      known = undefined;
      throw new KubeError(0, messageOf(error), { final: true, cause: error });
    }
  }

  async function send(
    { method = 'GET', path, query = {}, body, type }: KubeRequest,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const kubeConfig = await config();
    const url = new URL(`${kubeConfig.getCurrentCluster()?.server}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const options: RequestOptions = { method, signal };
    // A program that the kubeconfig names for its tokens may take its time, or for ever.
    await orAborted(kubeConfig.applyToHTTPSOptions(options), signal);
    const text = body === undefined ? undefined : JSON.stringify(body);
    options.headers = {
      ...options.headers,
      accept: 'application/json',
      'user-agent': 'gonogo',
      ...(text === undefined
        ? {}
        : { 'content-type': type ?? 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const sent = (url.protocol === 'http:' ? overHttp : overHttps)(url, options, resolve);
      sent.once('error', reject);
      sent.end(text);
    });
  }

  async function attempt(request: KubeRequest, given?: AbortSignal): Promise<unknown> {
    const signal = within(ANSWERS_WITHIN, given);
    try {
      const answer = await send(request, signal);
      const text = await textOf(answer);
      const { statusCode = 0 } = answer;
      if (statusCode < 200 || statusCode > 299) throw refusal(statusCode, text, answer);
      return parsed(text);
    } catch (error) {
      // What was taken for a token may have been withdrawn before its time: the next call fetches another.
      if (error instanceof KubeError && error.code === 401) known = undefined;
      throw unreachable(error);
    }
  }

  async function call(request: KubeRequest, signal?: AbortSignal): Promise<unknown> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await attempt(request, signal);
      } catch (error) {
        // Refused before anything was done: the same once more is the same once.
        if (!(error instanceof Busy) || tried === TRIES || error.wait > MAX_WAIT) throw error;
        await sleep(error.wait, undefined, { signal }).catch(() => {
          throw error;
        });
      }
    }
  }

  async function pages(
    path: string,
    query: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<unknown[]> {
    const all: unknown[] = [];
    let from: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const more = from === undefined ? {} : { continue: from };
      const answer = await call({ path, query: { ...query, limit: String(PAGE), ...more } }, signal);
      const { items, metadata } = read(listSchema, answer, `the list ${path}`);
      all.push(...items);
      from = metadata.continue;
      if (from === undefined || from === '') return all;
    }
    throw new BackendError(`${path} lists more than ${MAX_PAGES * PAGE} objects`, { final: true });
  }

  return {
    call,
    async list(path, query, signal) {
      try {
        return await pages(path, query, signal);
      } catch (error) {
        // Its first page has become too old while the others were read: once more from the beginning.
        if (!(error instanceof KubeError && error.code === 410)) throw error;
        return pages(path, query, signal);
      }
    },
    async *watch(path, query, signal) {
      const answer = await send({ path, query: { ...query, watch: 'true' } }, signal);
      const { statusCode = 0 } = answer;
      if (statusCode !== 200) throw refusal(statusCode, await textOf(answer), answer);
      for await (const line of linesOf(answer)) yield parsed(line);
    },
  };
}

const listSchema = z.object({
  metadata: z.object({ continue: z.string().optional(), resourceVersion: z.string().optional() }),
  items: z.array(z.unknown()),
});

/** The server has too much to do, and says when to come back. */
class Busy extends KubeError {
  /** How long it wants to be left alone. */
  readonly wait: Duration;

  constructor(code: number, message: string, wait: Duration) {
    super(code, message, { final: false, ...(Number.isFinite(wait) ? { retryAfter: wait } : {}) });
    this.wait = wait;
  }
}

function refusal(code: number, text: string, { headers }: IncomingMessage): KubeError {
  const status = statusSchema.safeParse(json(text));
  const words = status.success ? status.data.message : text.slice(0, 300) || 'without a word';
  const after = Number(headers['retry-after']);
  if (code === 429 || (code === 503 && Number.isFinite(after))) {
    const wait = Number.isFinite(after) ? after * SECOND : Number.POSITIVE_INFINITY;
    const when = Number.isFinite(after) ? `, and wants to be asked again in ${after} s` : '';
    return new Busy(code, `the API server is busy (${code})${when}: ${words}`, wait);
  }
  const means = MEANINGS[code];
  const final = means?.final ?? code < 500;
  return new KubeError(code, `${means?.words ?? `the API server answers ${code}`}: ${words}`, { final });
}

/** 409 is decided on where it is met: the object is read again. */
const MEANINGS: Readonly<Record<number, { words: string; final: boolean }>> = {
  401: { words: 'the API server does not accept the credentials (401)', final: true },
  403: { words: 'a permission is missing (403)', final: true },
  404: { words: 'there is no such object (404)', final: true },
  409: { words: 'the object was changed meanwhile (409)', final: false },
  410: { words: 'that is too long ago for the API server (410)', final: false },
  422: { words: 'the API server finds it invalid (422)', final: true },
};

function unreachable(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  const { name, message, code } = error as NodeJS.ErrnoException;
  const why =
    name === 'TimeoutError' || (error as { cause?: Error }).cause?.name === 'TimeoutError'
      ? `no answer within ${ANSWERS_WITHIN / SECOND} s`
      : message || code;
  return new BackendError(`the API server cannot be reached: ${why}`, { final: false, cause: error });
}

function within(duration: Duration, signal?: AbortSignal): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(duration), ...(signal === undefined ? [] : [signal])]);
}

/** What comes too late is of no consequence. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer) {
    size += (part as Buffer).length;
    if (size > MAX_BYTES) {
      answer.destroy();
      throw new BackendError(`the API server's answer is larger than ${MAX_BYTES} bytes`, { final: false });
    }
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function* linesOf(answer: IncomingMessage): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of answer) {
    rest += decoder.decode(part as Buffer, { stream: true });
    if (rest.length > MAX_BYTES)
      throw new BackendError('a watch sends a line without an end', { final: false });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BackendError('what answers is not a Kubernetes API server: it sends no JSON', {
      final: false,
      cause: error,
    });
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
