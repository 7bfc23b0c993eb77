/** The local Slack in a process of its own, one workspace per app, so that its work is counted for none of them. */

import { startLocalSlack } from '../local-slack/index.ts';
import { answerParent } from './child.ts';

export interface SlackPlace {
  url: string;
  api: string;
  token: string;
  appToken: string;
}

const count = Number(process.argv[2] ?? 1);
const places: SlackPlace[] = [];
for (let made = 0; made < count; made += 1) {
  const { url, api, workspace } = await startLocalSlack({
    manifest: 'manifest.yml',
    rateLimits: 'off',
    page: false,
  });
  places.push({ url, api, token: workspace.bot.token, appToken: workspace.bot.app_token });
}
answerParent(places);
