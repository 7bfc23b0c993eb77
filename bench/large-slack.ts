/** A local Slack of any size in a process of its own: people, channels and messages are given as three numbers. */

import { startLocalSlack } from '../local-slack/index.ts';
import { acme } from '../local-slack/seed.ts';
import { answerParent } from './child.ts';
import type { SlackPlace } from './slack.ts';

const [people = 0, channels = 0, messages = 0] = process.argv.slice(2).map(Number);
const padded = (number: number): string => String(number).padStart(6, '0');

const slack = await startLocalSlack({
  manifest: 'manifest.yml',
  rateLimits: 'off',
  workspace: {
    ...acme,
    users: [
      ...acme.users,
      ...Array.from({ length: people }, (_, n) => ({
        id: `U0P${padded(n)}`,
        name: `p${n}`,
        real_name: `Person ${n}`,
      })),
    ],
    channels: [
      ...acme.channels,
      ...Array.from({ length: channels }, (_, n) => ({
        id: `C0C${padded(n)}`,
        name: `channel-${n}`,
        bot: true,
      })),
    ],
  },
});

const rooms = ['C0CHECKOUT2', ...Array.from({ length: channels }, (_, n) => `C0C${padded(n)}`)];

/** Half of all messages are in one channel: the worst place to open. */
async function fill(): Promise<void> {
  const headers = { authorization: `Bearer ${slack.workspace.bot.token}` };
  const post = (n: number): Promise<unknown> => {
    const channel = (n % 2 === 0 ? rooms[0] : rooms[n % rooms.length]) ?? 'C0CHECKOUT2';
    const body = new URLSearchParams({ channel, text: `Message ${n} of a long year.` });
    return fetch(`${slack.api}chat.postMessage`, { method: 'POST', headers, body }).then((answer) =>
      answer.text(),
    );
  };
  for (let n = 0; n < messages; n += 50) {
    await Promise.all(Array.from({ length: Math.min(50, messages - n) }, (_, more) => post(n + more)));
  }
}

await fill();
const { url, api, workspace } = slack;
const place: SlackPlace = { url, api, token: workspace.bot.token, appToken: workspace.bot.app_token };
answerParent([place]);
