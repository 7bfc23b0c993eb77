/** Two Web API clients: what a person waits for never queues behind what they do not (see docs/adr). */

import { WebClient } from '@slack/web-api';
import type { Log } from '../log.ts';
import { boltLogger } from './bolt-logger.ts';

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

export function createClients(options: ClientOptions): Clients {
  const client = (timeout: number): WebClient =>
    new WebClient(options.token, {
      ...(options.slackApiUrl === undefined ? {} : { slackApiUrl: options.slackApiUrl }),
      timeout,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      logger: boltLogger(options.log),
    });
  return { interactive: client(INTERACTIVE_TIMEOUT_MS), outbound: client(OUTBOUND_TIMEOUT_MS) };
}
