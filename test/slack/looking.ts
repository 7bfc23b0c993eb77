/** Looking at what Slack shows, as people do, and at the record beside it. */

import type { Driver } from '../../local-slack/driver-client.ts';
import type { Message } from '../../local-slack/protocol.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Bot } from './bot.ts';
import { PEOPLE } from './people.ts';
import type { Stage } from './stage.ts';

type Looking = Pick<Stage, 'card' | 'thread' | 'dm' | 'home' | 'load'>;

export function looking({ driver, bot }: { driver: Driver; bot(): Bot }): Looking {
  async function load(id: string): Promise<Deployment> {
    const deployment = await bot().stores.events.load(id);
    if (deployment === undefined) throw new Error(`${id} is not in the record`);
    return deployment;
  }

  async function card(id: string): Promise<Message> {
    const { channel } = (await load(id)).terms.details;
    const inSight = (await driver.messages({ channel })).filter(
      (message) => message.thread_ts === undefined && message.text.split('\n')[0]?.endsWith(`· ${id}`),
    );
    const [only, ...more] = inSight;
    if (only === undefined || more.length > 0) throw new Error(`${id} has ${inSight.length} cards, not 1`);
    return only;
  }

  return {
    load,
    card,
    async thread(id) {
      const { channel, ts } = await card(id);
      return (await driver.messages({ channel, thread_ts: ts })).slice(1);
    },
    dm: (person) => driver.messages({ channel: `dm:${PEOPLE[person]}:bot` }),
    async home(person) {
      const view = await driver.home(PEOPLE[person], { wait: true });
      if (view === null) throw new Error(`${person} has no Home`);
      return view;
    },
  };
}
