/** The steps that many tests begin with: asking for a deployment, signing it, and getting it to roll out. */

import type { Given } from '../../local-slack/driver-client.ts';
import type { Message } from '../../local-slack/protocol.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { REASON_MODAL } from '../../views/reason-modal.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import type { PersonName } from './people.ts';
import type { Stage } from './stage.ts';
import { actionsOn } from './views-in-slack.ts';

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

/** Held with one click on the card, and said why in the thread, where that is asked. */
export async function holdSaying(stage: Stage, as: PersonName, id: string, reason: string): Promise<void> {
  await stage.click(as, await stage.card(id), CARD_ACTIONS.hold);
  await stage.click(as, await askedWhyHeld(stage, id), CARD_ACTIONS.explainHold);
  const sent = await stage.submit(as, { [REASON_MODAL.action]: reason });
  if (!sent.ok) throw new Error(`not sent: ${JSON.stringify(sent.errors ?? sent.error)}`);
}

/** The post in the thread that asks whoever held it for a reason. */
export async function askedWhyHeld(stage: Stage, id: string): Promise<Message> {
  const post = (await stage.thread(id)).find((one) => actionsOn(one).includes(CARD_ACTIONS.explainHold));
  if (post === undefined) throw new Error('nobody is asked why it is held');
  return post;
}

/** Requested, signed, and so far that the first stage is watched. */
export async function rollingOut(stage: Stage, text?: string): Promise<string> {
  const id = await request(stage, text);
  await signAll(stage, id);
  await stage.pass(60_000, async () => (await stage.load(id)).rollout?.stages[0]?.watchedSince !== undefined);
  return id;
}

/** Rolled out all at once, and handed over: long done, as far as anybody knows. */
export async function handedOver(stage: Stage): Promise<string> {
  const id = await request(stage, undefined, { [SCHEDULE_FIELDS.strategy]: 'all-at-once' });
  await signAll(stage, id);
  await stage.pass(3_600_000, async () => (await stage.load(id)).status === 'observing');
  await stage.click('dana', await stage.card(id), CARD_ACTIONS.handOver);
  return id;
}

/** Held so long that the judge has passed the first stage: whoever goes on now is asked nothing. */
export async function heldAndPassed(stage: Stage, text?: string): Promise<string> {
  const id = await rollingOut(stage, text);
  await stage.click('dana', await stage.card(id), CARD_ACTIONS.hold);
  const verdict = async () => (await stage.load(id)).rollout?.stages[0]?.lastLook?.verdict;
  await stage.pass(2 * 3_600_000, async () => (await verdict()) === 'pass');
  if ((await verdict()) !== 'pass') throw new Error('the judge has not passed the stage');
  return id;
}
