/** The start meets Slack: where it refuses the bot, and deliveries that come before it has said who the bot is. */

import type { Stores } from '../conductor/ports/stores.ts';
import { LIVE, NOT_STARTED } from '../deployment/lifecycle.ts';
import type { Log } from '../log.ts';
import type { Door } from './door.ts';
import type { SlackConnection } from './slack-connection.ts';
import { StartError } from './start-error.ts';

/** A mistake in the tokens ends the start, unless something is on its way that must not be left alone (OP-3). */
export async function beginWithSlack(
  slack: SlackConnection,
  gonogo: { stores: Pick<Stores, 'events'>; stop(): Promise<void> },
  log: Log,
): Promise<void> {
  try {
    await slack.begin();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const [onItsWay] = await gonogo.stores.events.list({ statuses: WITH_TRAFFIC, limit: 1 });
    if (onItsWay === undefined) {
      await gonogo.stop();
      throw error;
    }
    log.warn({ deployment: onItsWay.id }, 'it is on its way, so the engine stays');
    slack.goOn(error);
  }
}

/** Slack sends again what was not taken. */
export function onceIntroduced(slack: SlackConnection, listener: SlackListener): SlackListener {
  return (request, response) => {
    if (slack.isIntroduced()) return listener(request, response);
    response.writeHead(503, { 'retry-after': '1' }).end();
  };
}

type SlackListener = NonNullable<Door['listener']>;

/** From the first share of traffic to the hand-over. */
const WITH_TRAFFIC = [...LIVE].filter((status) => !NOT_STARTED.has(status));
