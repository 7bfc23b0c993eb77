/** Going back (RB-1): one click, confirmed; the reason is asked afterwards. */

import { DatabaseFault } from '../src/conductor/ports.ts';
import { CAN_ROLL_BACK } from '../src/deployment/lifecycle.ts';
import type { Click, CommandCall, Feature } from '../src/slack/feature.ts';
import { decodeButton } from '../views/button-value.ts';
import { CARD_ACTIONS } from '../views/deployment-actions.ts';
import { REASON_MODAL } from '../views/reason-modal.ts';
import { renderRollbackOffer } from '../views/rollback-offer.ts';
import { findDeployment } from './find.ts';
import { askWhy, reasoned } from './rollout.ts';
import { carryOut, clicked, type Room } from './room.ts';

export function rollback(room: Room): Feature {
  return {
    urgent: [CARD_ACTIONS.rollBack],
    clicks: {
      [CARD_ACTIONS.rollBack]: (click) => rollBack(room, click),
      [CARD_ACTIONS.explain]: (click) => askWhy(room, click, 'explain'),
      [CARD_ACTIONS.giveUp]: (click) => askWhy(room, click, 'give_up'),
    },
    submissions: {
      [REASON_MODAL.callback.explain]: (submission) =>
        reasoned(room, submission, 'explain', (reason) => ({
          kind: 'explain_rollback',
          reason: reason ?? '',
        })),
      [REASON_MODAL.callback.give_up]: (submission) =>
        reasoned(room, submission, 'give_up', (reason) => ({
          kind: 'give_up_rollback',
          reason: reason ?? '',
        })),
    },
    subCommands: {
      rollback: {
        usage: 'rollback SERVICE [ENVIRONMENT]',
        summary: 'go back to what ran before',
        run: (call) => offer(room, call),
      },
    },
  };
}

async function rollBack(room: Room, click: Click): Promise<void> {
  const id = await deploymentOf(room, click);
  if (id !== undefined)
    await carryOut(room, click, id, { kind: 'roll_back', why: 'asked for with one click' });
}

/** Where the record cannot be read, the button says which: the rollback is kept until it can be (OP-3). */
async function deploymentOf(room: Room, click: Click): Promise<string | undefined> {
  try {
    return (await clicked(room, click))?.deployment.id;
  } catch (error) {
    const value = decodeButton(click.value);
    if (error instanceof DatabaseFault && value !== undefined) return value.d;
    throw error;
  }
}

/** A word is quickly typed, and a service quickly mistaken: what would go back is shown, with its one button. */
async function offer(room: Room, call: CommandCall): Promise<void> {
  const found = await findDeployment(room, {
    text: call.text,
    statuses: CAN_ROLL_BACK,
    that: 'could be rolled back',
    usage: 'rollback SERVICE [ENVIRONMENT]',
  });
  await call.answer(found.ok ? renderRollbackOffer(found.deployment) : found.answer);
}
