/** What a look costs in the running bot, with its metrics, judge, record and the messages that follow: many rollouts, and time that runs fast. */

import { atEachPlace, rollOut } from './deployments.ts';
import { type Subject, startSubjects } from './subjects.ts';
import { fixed, printTable } from './table.ts';

const SERVICES = 6;
/** A look a minute is then one in 200 ms, and a message is drawn once a second at most: four of five looks send none. */
const SPEED = 300;
const STAGE_BEGINS_MS = 8_000;
const MEASURED_MS = 15_000;

interface Seen {
  cpu: number;
  looks: number;
  updates: number;
}

export async function benchLook(): Promise<void> {
  const rules = { signOffs: ['tech_lead'], strategy: 'canary' };
  const subjects = await startSubjects(['gonogo'], { services: SERVICES, rules, speed: SPEED });
  try {
    const [gonogo] = subjects.all;
    if (gonogo === undefined) throw new Error('nothing to measure');
    for (const place of atEachPlace(SERVICES)) await rollOut(gonogo.driving, place, 'v2.1.0');
    await passing(STAGE_BEGINS_MS);
    const before = await seen(gonogo);
    await passing(MEASURED_MS);
    const after = await seen(gonogo);
    const [looks, updates] = [after.looks - before.looks, after.updates - before.updates];
    printTable(
      `A look in the running bot, ${2 * SERVICES} rollouts (Node ${process.versions.node})`,
      ['looks', 'messages that followed', 'CPU of a look, messages and all'],
      [[String(looks), String(updates), `${fixed((after.cpu - before.cpu) / 1_000 / looks, 2)} ms`]],
    );
  } finally {
    await subjects.stop();
  }
}

const passing = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

async function seen({ running, driving }: Subject): Promise<Seen> {
  const { looks } = (await running.ask('looks')) as { looks: number };
  return { cpu: await running.cpu(), looks, updates: await driving.made('chat.update') };
}
