/** The HTTP under the Web API clients: the standard `fetch` costs more CPU than the rest of a call (see bench/ack). */

import { STATUS_CODES } from 'node:http';
import type { FetchFunction } from '@slack/web-api';
import { Agent, type Dispatcher } from 'undici';

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
  return (url, { method, headers = {}, body = null }) => {
    const { origin, pathname, search } = new URL(url);
    const path = `${pathname}${search}`;
    // No redirect is followed: its status is an answer like another, and none that the client takes.
    return answerTo(
      dispatcher,
      { origin, path, method: method === 'POST' ? 'POST' : 'GET', headers, body },
      timeout,
    );
  };
}

/** Without the stream that `request` makes of an answer: it is read whole. */
async function answerTo(
  dispatcher: Dispatcher,
  asked: Dispatcher.DispatchOptions,
  timeout: number,
): Promise<Answered> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Answered>((resolve, reject) => {
      let late: Error | undefined;
      let call: Dispatcher.DispatchController | undefined;
      let begun: Pick<Answered, 'status' | 'headers'> | undefined;
      const parts: Buffer[] = [];
      timer = setTimeout(() => {
        late = new Error(`no answer within ${timeout} ms`);
        call?.abort(late);
        // It may still wait for its connection.
        reject(late);
      }, timeout);
      dispatcher.dispatch(asked, {
        onRequestStart(controller) {
          call = controller;
          if (late !== undefined) controller.abort(late);
        },
        onResponseStart(_controller, status, headers) {
          begun = { status, headers };
        },
        onResponseData(_controller, part) {
          parts.push(part);
        },
        onResponseEnd() {
          if (begun === undefined) reject(new Error('an answer without a status'));
          else resolve({ ...begun, text: Buffer.concat(parts).toString() });
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      });
    });
  } finally {
    clearTimeout(timer);
  }
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
