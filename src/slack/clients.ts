/** Two Web API clients: what a person waits for never queues behind what they do not (see docs/adr). */

import { type WebAPICallResult, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../log.ts';
import { boltLogger } from './bolt-logger.ts';
import { createLeanCall, isLean, type LeanCall } from './lean-call.ts';
import { createFetch, createSend } from './lean-fetch.ts';

export interface Clients {
  /** For modals and answers: short time-outs, no retries, a rate limit is an error at once. */
  interactive: WebClient;
  /** For live messages: whoever calls it waits out rate limits and tries again. */
  outbound: WebClient;
}

export interface ClientOptions {
  token: string;
  /** With its trailing slash; Slack's own where it is not given. */
  slackApiUrl?: string;
  log: Log;
}

/** A modal's trigger lives 3 s: an answer after that is of no use. */
const INTERACTIVE_TIMEOUT_MS = 2_500;
const OUTBOUND_TIMEOUT_MS = 10_000;

const SLACK_API_URL = 'https://slack.com/api/';

export function createClients({ token, log, slackApiUrl = SLACK_API_URL }: ClientOptions): Clients {
  const client = (timeout: number): WebClient => {
    const send = createSend(timeout);
    const options: WebClientOptions = {
      // It keeps the time itself: the library's own timer runs on when the answer is there.
      fetch: createFetch(send),
      slackApiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      logger: boltLogger(log),
    };
    return new LeanClient(token, options, createLeanCall({ send, token, slackApiUrl, log }));
  };
  return { interactive: client(INTERACTIVE_TIMEOUT_MS), outbound: client(OUTBOUND_TIMEOUT_MS) };
}

/** Sends what the library would; only, what is text already is not walked for a log line that is not written. */
class LeanClient extends WebClient {
  readonly #lean: LeanCall;

  constructor(token: string, options: WebClientOptions, lean: LeanCall) {
    super(token, options);
    this.#lean = lean;
  }

  override apiCall(method: string, given: Record<string, unknown> = {}): Promise<WebAPICallResult> {
    if (isLean(method)) return this.#lean(method, given);
    const args = Object.entries(given).map(([name, value]) => [
      name,
      isPlain(value) ? JSON.stringify(value) : value,
    ]);
    return super.apiCall(method, Object.fromEntries(args));
  }
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
