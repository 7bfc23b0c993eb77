/** The steps that many tests begin with: asking for a deployment, signing it, and getting it to roll out. */

import type { Given } from '../../local-slack/driver-client.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import type { PersonName } from './people.ts';
import type { Stage } from './stage.ts';

/** Types `/deploy …` as Dana, says why, sends it, and answers the deployment's id. */
export async function request(
  stage: Stage,
  text = 'checkout v2.1.0 to production',
  { as = 'dana', ...values }: { as?: PersonName; [actionId: string]: Given | undefined } = {},
): Promise<string> {
  await stage.type(as, 'checkout', `/deploy ${text}`);
  const given = Object.entries(values).filter((entry): entry is [string, Given] => entry[1] !== undefined);
  const sent = await stage.submit(as, {
    [SCHEDULE_FIELDS.summary]: 'Adds Apple Pay.',
    ...Object.fromEntries(given),
  });
  if (!sent.ok) throw new Error(`not sent: ${JSON.stringify(sent.errors ?? sent.error)}`);
  const [newest] = await stage.bot.stores.events.list({ limit: 1 });
  if (newest === undefined) throw new Error('nothing was requested');
  return newest.id;
}

/** Go from Tom, Sana and Omar, each on the card. */
export async function signAll(stage: Stage, id: string): Promise<void> {
  for (const person of ['tom', 'sana', 'omar'] as const) {
    const { told } = await stage.click(person, await stage.card(id), CARD_ACTIONS.go);
    if (told.length > 0) throw new Error(`${person} could not sign: ${told.join(' ')}`);
  }
}

/** Requested, signed, and so far that the first stage is watched. */
export async function rollingOut(stage: Stage, text?: string): Promise<string> {
  const id = await request(stage, text);
  await signAll(stage, id);
  await stage.pass(60_000, async () => (await stage.load(id)).rollout?.stages[0]?.watchedSince !== undefined);
  return id;
}
