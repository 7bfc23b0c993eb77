/** What nobody can do with the driver, done with the bot's own token. */

import type { Stage } from './stage.ts';

/** Ends the test where Slack refuses. */
export async function callSlack(stage: Stage, method: string, args: Record<string, string>): Promise<void> {
  const answer = await fetch(`${stage.slack.api}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.slack.workspace.bot.token}` },
    body: new URLSearchParams(args),
  });
  const said = await answer.text();
  if (!said.startsWith('{"ok":true')) throw new Error(`${method}: ${said}`);
}
