/**
 * The calls that every click makes, sent as Slack's documentation says and without the library: of the time of a call it
 * takes more than the rest together, for a form of text that is JSON already, a queue and tries that are not used here,
 * and log lines that are not written (see bench/record). What fails, fails with the library's own errors.
 */

import { STATUS_CODES } from 'node:http';
import {
  type WebAPICallResult,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { Answered, Send } from './lean-fetch.ts';

/** How the arguments of each are sent: the methods that read take forms only. */
const BODIES = {
  'chat.postMessage': asJson,
  'chat.update': asJson,
  'users.info': asForm,
} as const;

export type LeanMethod = keyof typeof BODIES;

export const isLean = (method: string): method is LeanMethod => Object.hasOwn(BODIES, method);

type Body = { type: string; text: string };

function asJson(args: Record<string, unknown>): Body {
  return { type: 'application/json; charset=utf-8', text: JSON.stringify(args) };
}

function asForm(args: Record<string, unknown>): Body {
  const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== null);
  const form = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return { type: 'application/x-www-form-urlencoded', text: form.toString() };
}

export type LeanCall = (method: LeanMethod, args: Record<string, unknown>) => Promise<WebAPICallResult>;

export interface LeanCallOptions {
  send: Send;
  token: string;
  slackApiUrl: string;
  log: Log;
}

export function createLeanCall({ send, token, slackApiUrl, log }: LeanCallOptions): LeanCall {
  const authorization = `Bearer ${token}`;
  return async (method, args) => {
    const { type, text } = BODIES[method](args);
    const headers = { authorization, 'content-type': type };
    const answer = await send(`${slackApiUrl}${method}`, { method: 'POST', headers, body: text }).catch(
      (error: unknown) => {
        throw new WebAPIRequestError(error instanceof Error ? error : new Error(String(error)));
      },
    );
    refuseStatus(answer);
    const result = resultOf(answer);
    const { warnings = [], messages = [] } = result.response_metadata ?? {};
    for (const said of [...warnings, ...messages])
      log[said.startsWith('[ERROR]') ? 'error' : 'warn']({ method }, said);
    if (result.ok) return result;
    throw new WebAPIPlatformError({ ...result, error: result.error ?? 'Slack gave no reason' });
  };
}

function refuseStatus({ status, headers, text }: Answered): void {
  if (status === 200) return;
  const wait = status === 429 ? Number(headers['retry-after'] ?? Number.NaN) : Number.NaN;
  if (Number.isFinite(wait)) throw new WebAPIRateLimitedError(wait);
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]);
  throw new WebAPIHTTPError(status, STATUS_CODES[status] ?? '', Object.fromEntries(flat), text);
}

const answered = z.looseObject({ ok: z.boolean(), error: z.string().optional() });
type Result = WebAPICallResult & z.infer<typeof answered>;

/** What is not Slack's form is told as the library tells it: the text is the error. */
function resultOf({ text }: Answered): Result {
  try {
    const parsed = answered.safeParse(JSON.parse(text));
    // Nobody here reads what it repeats of what was sent.
    if (parsed.success) return { ...parsed.data, message: undefined };
  } catch {
    // Said below, with what was answered.
  }
  return { ok: false, error: text };
}
