/** The HTTP under the Web API clients: the standard `fetch` costs more CPU than the rest of a call (see bench/ack). */

import { STATUS_CODES } from 'node:http';
import type { FetchFunction } from '@slack/web-api';
import { Agent, request } from 'undici';

/**
 * What an answer repeats of what was sent: nobody here reads it, and the client walks all of an answer twice for a log
 * line that is not written.
 */
const ECHOES = ['view', 'message'] as const;

type FetchResponse = Awaited<ReturnType<FetchFunction>>;
type FetchHeaders = FetchResponse['headers'];

export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export type Send = (
  url: string | URL,
  sent: { method?: string | undefined; headers?: Record<string, string>; body?: string | null },
) => Promise<Answered>;

/** Connections of its own, kept open between calls; `timeout` milliseconds from the call to the end of its answer. */
export function createSend(timeout: number): Send {
  const dispatcher = new Agent();
  return async (url, { method, headers = {}, body = null }) => {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error(`no answer within ${timeout} ms`)), timeout);
    try {
      // No redirect is followed: its status is an answer like another, and none that the client takes.
      const answer = await request(url, {
        dispatcher,
        method: method === 'POST' ? 'POST' : 'GET',
        headers,
        body,
        signal: late.signal,
      });
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
    } finally {
      clearTimeout(timer);
    }
  };
}

/** For the library's own calls. */
export function createFetch(send: Send): FetchFunction {
  return async (url, init = {}) => {
    // A file: none is sent now, and how its parts are written is the standard's matter.
    if (typeof init.body === 'object') return fetch(url, init as RequestInit);
    const { method, headers = {}, body = null } = init;
    const answer = await send(url, { method, headers: headers as Record<string, string>, body });
    return responseOf(String(url), answer.status, answer.headers, answer.text);
  };
}

function responseOf(
  url: string,
  status: number,
  headers: Record<string, string | string[] | undefined>,
  body: string,
): FetchResponse {
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: STATUS_CODES[status] ?? '',
    url,
    headers: headersOf(headers),
    text: async () => withoutEchoes(body),
    json: async () => JSON.parse(body) as unknown,
    arrayBuffer: async () => new TextEncoder().encode(body).buffer,
  };
}

function headersOf(headers: Record<string, string | string[] | undefined>): FetchHeaders {
  const get = (name: string): string | null => {
    const value = headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  };
  return {
    get,
    entries: () => Object.keys(headers).map((name): [string, string] => [name, get(name) ?? '']),
  };
}

function withoutEchoes(body: string): string {
  if (!ECHOES.some((name) => body.includes(`"${name}":{`))) return body;
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    // Not an answer of Slack's: the client says so.
    return body;
  }
  if (typeof answer !== 'object' || answer === null) return body;
  const kept = Object.entries(answer).filter(([name]) => !ECHOES.some((echo) => echo === name));
  return JSON.stringify(Object.fromEntries(kept));
}
