/**
 * Slack as one part among others: away at the start as it may be away later, asked again until it is there. Only a
 * mistake of whoever starts it ends the start, and only while nothing is on its way (see docs/adr).
 */

import type { Log } from '../log.ts';
import { type Clock, type Duration, SECOND } from '../time.ts';
import { isRefused, refusedBySlack, type StartError } from './start-error.ts';

export interface SlackConnection {
  /** The first try. Resolves whether Slack is there or away; rejects with a `StartError` where Slack refuses the bot. */
  begin(): Promise<void>;
  /** Goes on trying after a refusal, too. */
  goOn(refusal: StartError): void;
  /** True once Slack has said who the bot is: before that no delivery can be taken. */
  isIntroduced(): boolean;
  /** Why deliveries cannot arrive; undefined where they can. */
  problem(): string | undefined;
  stop(): Promise<void>;
}

export interface SlackConnectionOptions {
  /** Asks who the bot is. */
  introduce(): Promise<void>;
  door: { start(): Promise<unknown>; stop(): Promise<unknown>; problem(): string | undefined };
  /** Slack is there: what waited for it can go on. */
  onThere(): void;
  clock: Clock;
  log: Log;
}

const MAX_WAIT: Duration = 30 * SECOND;
/** So long the start waits for the first socket; it goes on being opened in any case. */
const FIRST_SOCKET_WITHIN: Duration = 10 * SECOND;

const BOT_TOKEN = ['SLACK_BOT_TOKEN', 'the "Bot User OAuth Token" of the app'] as const;
const APP_TOKEN = ['SLACK_APP_TOKEN', 'an app-level token with the scope connections:write'] as const;

export function createSlackConnection(options: SlackConnectionOptions): SlackConnection {
  const { door, clock, log } = options;
  let introduced = false;
  let stopped = false;
  let problem: string | undefined = 'Slack was not asked yet';
  let attempt = 0;
  let cancelTimer: (() => void) | undefined;
  let trying: Promise<unknown> = Promise.resolve();

  /** Throws what Slack said. */
  async function introduce(): Promise<void> {
    await options.introduce();
    introduced = true;
    problem = undefined;
    options.onThere();
  }

  function away(error: unknown, [variable, what]: typeof BOT_TOKEN | typeof APP_TOKEN): StartError {
    const why = refusedBySlack(error, variable, what);
    problem = why.message;
    log.error({ err: error, attempt }, 'Slack is not there; trying again');
    return why;
  }

  function again(): void {
    if (stopped) return;
    const wait = Math.min(SECOND * 2 ** attempt, MAX_WAIT);
    attempt += 1;
    cancelTimer = clock.at(clock.now() + wait, () => {
      trying = introduce()
        .then(openDoor)
        .catch((error: unknown) => {
          away(error, BOT_TOKEN);
          again();
        });
    });
  }

  /** Sockets are opened again by their own supervisor, whatever comes of the first. */
  function openDoor(): void {
    if (stopped) return;
    door.start().catch((error: unknown) => {
      away(error, APP_TOKEN);
    });
  }

  async function firstSocket(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FIRST_SOCKET_WITHIN);
    });
    try {
      await Promise.race([door.start(), patience]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async begin() {
      try {
        await introduce();
      } catch (error) {
        const why = away(error, BOT_TOKEN);
        if (isRefused(error)) throw why;
        return again();
      }
      try {
        await firstSocket();
      } catch (error) {
        throw away(error, APP_TOKEN);
      }
    },
    goOn(refusal) {
      log.error(
        { problem: refusal.message },
        'Slack refuses the bot; what is on its way goes on, and nobody can be told',
      );
      if (!introduced) again();
    },
    isIntroduced: () => introduced,
    problem: () => (introduced ? door.problem() : problem),
    async stop() {
      stopped = true;
      cancelTimer?.();
      await trying;
      await door.stop();
    },
  };
}
