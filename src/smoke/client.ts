/** One request of a smoke test: to named hosts only, bounded in time, size and redirects. */

import { Agent, type Dispatcher, request } from 'undici';
import { defined } from '../defined.ts';
import type { SmokeHost } from '../terms/smoke.ts';
import { type Duration, SECOND } from '../time.ts';
import { Forbidden, hostOf, pinnedLookup } from './addresses.ts';
import { type Answer, type Cookies, NotTried } from './values.ts';

/** More of an answer is not read. */
const MAX_BYTES = 1_000_000;
const MAX_REDIRECTS = 5;
const CONNECTS_WITHIN: Duration = 10 * SECOND;

/** The version did not do what it should; the message is for the record. */
export class Failed extends Error {
  override readonly name = 'Failed';
}

export interface Asked {
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Redirects of other kinds are followed. */
  expected: readonly number[];
}

export interface HttpClient {
  send(asked: Asked, cookies: Cookies, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

export function createHttpClient(hosts: readonly SmokeHost[]): HttpClient {
  const agents = new Map<SmokeHost, Agent>();
  const agentFor = (host: SmokeHost): Agent => {
    const known = agents.get(host);
    if (known !== undefined) return known;
    const agent = new Agent({
      connect: { timeout: CONNECTS_WITHIN, lookup: pinnedLookup(host) },
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 64 * 1024,
    });
    agents.set(host, agent);
    return agent;
  };
  return {
    async send(asked, cookies, signal) {
      let at = asked;
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
        const host = hostOf(at.url, hosts);
        const answer = await once(at, agentFor(host), cookies, signal);
        cookies.take(at.url, answer.cookies);
        const next = redirectOf(answer, at);
        if (next === undefined) return answer;
        at = next;
      }
      throw new Failed(`it redirects more than ${MAX_REDIRECTS} times`);
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

/** Where an answer leads; what was asked for is only sent on where HTTP says so, and headers to the same place alone. */
function redirectOf({ status, headers }: Answer, asked: Asked): Asked | undefined {
  const { location } = headers;
  if (status < 301 || status > 308 || location === undefined || asked.expected.includes(status))
    return undefined;
  const url = URL.canParse(location, asked.url.href) ? new URL(location, asked.url.href) : undefined;
  if (url === undefined) throw new Failed('it redirects to what is no address');
  const same = url.origin === asked.url.origin;
  const keeps = status === 307 || status === 308;
  const { body, ...rest } = asked;
  return {
    ...rest,
    url,
    headers: same ? asked.headers : {},
    method: keeps || asked.method === 'HEAD' ? asked.method : 'GET',
    // What was typed for one place is not shown to another.
    ...(keeps && same && body !== undefined ? { body } : {}),
  };
}

async function once(asked: Asked, dispatcher: Agent, cookies: Cookies, signal: AbortSignal): Promise<Answer> {
  const cookie = cookies.for(asked.url);
  try {
    const answered = await request(asked.url, {
      dispatcher,
      method: asked.method as Dispatcher.HttpMethod,
      headers: { ...asked.headers, ...defined({ cookie }) },
      ...defined({ body: asked.body }),
      signal,
    });
    const { 'set-cookie': set = [], ...headers } = answered.headers;
    return {
      status: answered.statusCode,
      headers: flat(headers),
      cookies: Array.isArray(set) ? set : [set],
      text: await bounded(answered.body),
    };
  } catch (error) {
    throw inWords(error, signal);
  }
}

function flat(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
  );
  return Object.fromEntries(pairs) as Record<string, string>;
}

async function bounded(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const piece = Buffer.from(chunk as Uint8Array);
    size += piece.length;
    // Leaving the loop ends the connection.
    if (size > MAX_BYTES) throw new Failed(`it answers more than ${MAX_BYTES / 1e6} MB`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Without anything that was sent or answered: only what kind of failure it was. */
export function inWords(error: unknown, signal: AbortSignal): Error {
  if (error instanceof Failed || error instanceof Forbidden) return error;
  if (signal.aborted) return signal.reason as Error;
  const { code = '', cause } = error as NodeJS.ErrnoException;
  if (cause instanceof Forbidden) return cause;
  const untried = NOT_THE_TARGETS[code];
  if (untried !== undefined) return new NotTried(untried, { cause: error });
  const words = CODES[code] ?? (/^[A-Z_0-9]{3,40}$/.test(code) ? code : 'the connection broke');
  return new Failed(`it cannot be reached: ${words}`, { cause: error });
}

const CODES: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'there is no host of that name',
  UND_ERR_CONNECT_TIMEOUT: `no connection within ${CONNECTS_WITHIN / SECOND} s`,
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too large',
};

/** What says nothing about the version: the request never left. */
const NOT_THE_TARGETS: Record<string, string> = {
  EAI_AGAIN: 'nobody can look its name up',
  UND_ERR_INVALID_ARG: 'what it would send cannot stand in a header',
};
