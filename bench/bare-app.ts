/**
 * What Slack's framework costs by itself: an app that acks whatever comes and does nothing else. Told to, it also makes
 * one Web API call per interaction, with arguments that never change.
 */

import { App } from '@slack/bolt';
import { answerParent } from './child.ts';

/** Which call follows the ack of a command, and of a button whose action id begins with `card.`. */
interface Calls {
  view: object;
}

let calls: Calls | undefined;

const { SLACK_BOT_TOKEN = '', SLACK_APP_TOKEN = '', SLACK_API_URL = '' } = process.env;
const app = new App({
  token: SLACK_BOT_TOKEN,
  appToken: SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: SLACK_API_URL },
});

app.command('/deploy', async ({ ack, body, client }) => {
  await ack();
  if (calls === undefined) return;
  await client.views.open({ trigger_id: body.trigger_id, view: calls.view as never });
});
app.action(/^/, async ({ ack, body, action, client }) => {
  await ack();
  if (calls === undefined || !('action_id' in action) || !action.action_id.startsWith('card.')) return;
  await client.users.info({ user: body.user.id });
});
app.view(/^/, async ({ ack }) => ack());

await app.start();
answerParent(
  {},
  {
    calls(given) {
      calls = given as Calls;
    },
  },
);
