/**
 * Two socket receivers on one app, each kept alive. Slack closes a socket at will, and the library's own reconnecting
 * waits 5 s (longer than an ack may take) and ends the process where the token is refused; so it is switched off here.
 */

import { type App, type Logger, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { within } from '../conductor/deadline.ts';
import { defined } from '../defined.ts';
import type { Log } from '../log.ts';
import { boltLogger } from './bolt-logger.ts';
import { slackErrorCode } from './slack-error.ts';

export interface SupervisedReceiver extends Receiver {
  /** How many sockets are open now, and the last problem where one is not. */
  health(): { open: number; wanted: number; problem?: string };
}

export interface SupervisorOptions {
  appToken: string;
  slackApiUrl?: string;
  log: Log;
  sockets?: number;
  /** A socket is open where none was. */
  onOpen?(): void;
  /** Milliseconds before the n-th try in a row, n from 1. */
  waitBefore?(attempt: number): number;
}

const CONNECTS_WITHIN_MS = 15_000;
/** At the start these are a mistake of whoever starts it; later on, Slack may take them back. */
const TOKEN_REFUSED = new Set([
  'invalid_auth',
  'not_authed',
  'not_allowed_token_type',
  'account_inactive',
  'token_revoked',
  'missing_scope',
]);
const waitByDefault = (attempt: number): number =>
  attempt === 1 ? 0 : Math.min(500 * 2 ** (attempt - 2), 30_000);

export function superviseSockets(options: SupervisorOptions): SupervisedReceiver {
  const wanted = options.sockets ?? 2;
  const sockets = Array.from({ length: wanted }, (_, index) => keepOpen({ ...options, onOpen }, index + 1));
  const open = (): number => sockets.filter((socket) => socket.isOpen()).length;
  function onOpen(): void {
    if (open() === 1) options.onOpen?.();
  }
  return {
    init: (app) => sockets.forEach((socket) => void socket.receiver.init(app)),
    /** Resolves when the first socket is open: from then on deliveries arrive. Rejects where the token is refused, and goes on trying. */
    async start() {
      await Promise.race(sockets.map((socket) => socket.start()));
    },
    stop: () => Promise.all(sockets.map((socket) => socket.stop())),
    health() {
      const problem = sockets.find((socket) => socket.problem() !== undefined)?.problem();
      return { open: open(), wanted, ...defined({ problem }) };
    },
  };
}

interface KeptSocket {
  receiver: { init(app: App): void };
  start(): Promise<void>;
  stop(): Promise<void>;
  isOpen(): boolean;
  problem(): string | undefined;
}

function keepOpen(options: SupervisorOptions, number: number): KeptSocket {
  const log = options.log.child({ socket: number });
  const receiver = new SocketModeReceiver({
    appToken: options.appToken,
    autoReconnectEnabled: false,
    logger: quieter(log),
    installerOptions: {
      clientOptions: {
        ...defined({ slackApiUrl: options.slackApiUrl }),
        retryConfig: { retries: 0 },
        timeout: CONNECTS_WITHIN_MS,
      },
    },
  });
  const waitBefore = options.waitBefore ?? waitByDefault;
  let open = false;
  let stopped = false;
  let problem: string | undefined;
  let attempt = 0;
  let timer: NodeJS.Timeout | undefined;
  let starting: { resolve(): void; reject(error: unknown): void } | undefined;

  receiver.client.on('disconnected', () => {
    if (!open) return;
    open = false;
    log.info('socket closed; opening another');
    again();
  });

  function again(): void {
    if (stopped) return;
    attempt += 1;
    timer = setTimeout(() => void connect(), waitBefore(attempt));
  }

  async function connect(): Promise<void> {
    try {
      await within(CONNECTS_WITHIN_MS, 'Slack', () => receiver.client.start());
      open = true;
      attempt = 0;
      problem = undefined;
      starting?.resolve();
      starting = undefined;
      options.onOpen?.();
    } catch (error) {
      problem =
        error instanceof Error ? error.message : String(error ?? 'the socket closed before it was ready');
      if (TOKEN_REFUSED.has(slackErrorCode(error) ?? '')) starting?.reject(error);
      log.error({ problem, attempt }, 'could not open a socket to Slack; trying again');
      again();
    }
  }

  return {
    receiver,
    isOpen: () => open,
    problem: () => problem,
    start: () =>
      new Promise((resolve, reject) => {
        starting = { resolve, reject };
        again();
      }),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      if (open) await receiver.client.disconnect();
    },
  };
}

/** Sockets close every day, and whether that is an error is said here; to the library it always is one. */
function quieter(log: Log): Logger {
  const logger = boltLogger(log);
  return { ...logger, error: logger.warn };
}
