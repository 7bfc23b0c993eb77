/** Go and No-go (K-4): on the card, in the DM and on Home. */

import { defined } from '../src/defined.ts';
import { rolesForNoGo, rolesOpenTo } from '../src/deployment/approval/may-sign.ts';
import { owedSignOffs } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import type { Answer, Click, Feature, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import type { RequiredSignOff } from '../src/terms/approval.ts';
import { renderRefusal } from '../views/answers.ts';
import { section } from '../views/blocks.ts';
import type { ButtonValue } from '../views/button-value.ts';
import { CARD_ACTIONS, MORE } from '../views/deployment-actions.ts';
import { goButtons } from '../views/dm.ts';
import { NO_GO_MODAL, readNoGoModal, renderNoGoModal } from '../views/no-go-modal.ts';
import { inline } from '../views/text.ts';
import { actorFor, actorOf, type CommandContext, carryOut, clicked, openModal, whoIs } from './context.ts';
import { rolesInTime, submitAsRole } from './which-role.ts';

export function signOff(context: CommandContext): Feature {
  return {
    clicks: {
      [CARD_ACTIONS.go]: (click) => go(context, click),
      [CARD_ACTIONS.noGo]: (click) => openNoGo(context, click),
      [CARD_ACTIONS.withdraw]: (click) => withdraw(context, click),
    },
    choices: {
      [MORE.go]: (click) => go(context, click),
      [MORE.noGo]: (click) => openNoGo(context, click),
    },
    submissions: { [NO_GO_MODAL.callback]: (submission) => noGo(context, submission) },
  };
}

async function go(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (!found) return;
  const { deployment, value } = found;
  const somebody = await whoIs(context, click);
  if (somebody === undefined) return;
  const actor = actorOf(somebody);
  const intent = { kind: 'sign', decision: 'go', ...signed(deployment, value) } as const;
  const outcome = await context.conductor.handle({ deployment: deployment.id, intent, actor });
  if (outcome.kind !== 'refused') return;
  const now = outcome.deployment ?? deployment;
  const open = outcome.code === 'which_role' ? rolesOpenTo(now, actorFor(context, somebody, now)) : [];
  await click.answer({ ...renderRefusal(outcome.message), ...withButtons(now, outcome.message, open) });
}

/** As which of their roles: a button for each. */
function withButtons(
  d: Deployment,
  message: string,
  open: readonly RequiredSignOff[],
): Pick<Answer, 'blocks'> {
  return open.length === 0 ? {} : { blocks: [section(inline(message, 1000)), ...goButtons(d, open)] };
}

async function withdraw(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (found) await carryOut(context, click, found.deployment.id, { kind: 'withdraw' });
}

async function openNoGo(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (!found) return;
  const { deployment, value } = found;
  if (!NOT_STARTED.has(deployment.status) && owedSignOffs(deployment).length === 0) {
    return click.answer({ text: `Sign-offs for ${deployment.id} are over. The card shows where it is.` });
  }
  const roles = value.r === undefined ? await rolesInTime(context, click, deployment, rolesForNoGo) : [];
  await openModal(context, click, renderNoGoModal(deployment, value, roles));
}

async function noGo(context: CommandContext, submission: Submission): Promise<SubmissionEnd> {
  const read = readNoGoModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const deployment = await context.stores.events.load(read.button.d);
  const shown = deployment ? signed(deployment, read.button) : { envelopeHash: '' };
  const { button, reason } = read;
  return submitAsRole(
    context,
    submission,
    {
      deployment: button.d,
      block: NO_GO_MODAL.block,
      intent: { kind: 'sign', decision: 'no_go', ...shown, ...defined({ reason }) },
    },
    { rolesFor: rolesForNoGo, draw: (d, roles) => renderNoGoModal(d, button, roles, reason) },
  );
}

/** What the person was shown: its hash, as far as the button carries it, decides whether it is still the same. */
function signed(deployment: Deployment, value: ButtonValue): { envelopeHash: string; role?: string } {
  const shown = value.h ?? '';
  const same = shown !== '' && deployment.envelopeHash.startsWith(shown);
  return {
    envelopeHash: same ? deployment.envelopeHash : shown,
    ...defined({ role: value.r }),
  };
}
