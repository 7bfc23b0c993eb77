/** Bolt, and what is done with all that Slack delivers to it. */

import { App } from '@slack/bolt';
import type { CommandContext } from '../../commands/context.ts';
import { everything } from '../../commands/features.ts';
import {
  renderAnswerModal,
  renderFault,
  renderRefusal,
  renderSlackDelay,
  renderWorkingModal,
} from '../../views/answers.ts';
import type { Environment } from '../config/environment.ts';
import { boltLogger } from '../slack/bolt-logger.ts';
import type { Homes } from '../slack/homes.ts';
import { listen } from '../slack/listeners.ts';
import { type Duration, SECOND } from '../time.ts';
import { apiUrl, type Door } from './door.ts';

const INTRODUCED_WITHIN: Duration = 10 * SECOND;

export function listenTo(
  door: Pick<Door, 'receiver'>,
  environment: Environment,
  context: CommandContext,
  homes: Homes,
): { app: App; deliveries: ReturnType<typeof listen> } {
  const { people, clients, log } = context;
  const app = new App({
    receiver: door.receiver,
    token: environment.SLACK_BOT_TOKEN,
    // Asked once, at the start: left to itself it would go on asking a Slack that is away for half an hour.
    clientOptions: { ...apiUrl(environment), retryConfig: { retries: 0 }, timeout: INTRODUCED_WITHIN },
    convoStore: false,
    deferInitialization: true,
    logger: boltLogger(log),
  });
  const deliveries = listen({
    app,
    ...everything(context, homes),
    async refuses(userId) {
      const why = await people.refusesToShow(userId);
      return why === undefined ? undefined : renderRefusal(why);
    },
    interactive: clients.interactive,
    log,
    answerView: renderAnswerModal,
    workingView: renderWorkingModal,
    fault: renderFault,
    delay: renderSlackDelay,
  });
  return { app, deliveries };
}
