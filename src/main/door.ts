/** How Slack's deliveries come in: over sockets that we open, or over HTTP that Slack calls. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, type Receiver } from '@slack/bolt';
import type { Environment } from '../config/environment.ts';
import { SLACK_PATH } from '../http/server.ts';
import type { Log } from '../log.ts';
import { boltLogger } from '../slack/bolt-logger.ts';
import { superviseSockets } from '../slack/socket-supervisor.ts';

export interface Door {
  receiver: Receiver;
  listener?: (request: IncomingMessage, response: ServerResponse) => void;
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
  /** Undefined where deliveries can arrive. */
  problem(): string | undefined;
  describe(): string;
}

export function doorFor(
  environment: Environment,
  log: Log,
  /** From here on deliveries arrive, and before it none did. */
  { onOpen }: { onOpen(): void },
): Door {
  if (environment.SLACK_DELIVERY === 'http') {
    const receiver = new HTTPReceiver({
      signingSecret: environment.SLACK_SIGNING_SECRET ?? '',
      endpoints: SLACK_PATH,
      logger: boltLogger(log),
    });
    return {
      receiver,
      listener: (request, response) => receiver.requestListener(request, response),
      start: async () => onOpen(),
      stop: async () => {},
      problem: () => undefined,
      describe: () => `Slack delivers to ${SLACK_PATH}`,
    };
  }
  const receiver = superviseSockets({
    appToken: environment.SLACK_APP_TOKEN ?? '',
    log,
    onOpen,
    ...apiUrl(environment),
  });
  return {
    receiver,
    start: () => receiver.start(),
    stop: () => receiver.stop(),
    problem: () =>
      receiver.health().open > 0 ? undefined : (receiver.health().problem ?? 'no socket is open'),
    describe: () => `${receiver.health().open} of ${receiver.health().wanted} sockets open`,
  };
}

/** Slack's own address where the environment names no other. */
export function apiUrl(environment: Environment): { slackApiUrl?: string } {
  return environment.SLACK_API_URL === undefined ? {} : { slackApiUrl: environment.SLACK_API_URL };
}
