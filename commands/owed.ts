/** What emergencies owe (CH-1): the list of it, the write-up, and handing a sign-off on (CH-8). */

import { listEvery } from '../src/conductor/every.ts';
import { defined } from '../src/defined.ts';
import { rolesToDelegate } from '../src/deployment/approval/may-sign.ts';
import { owedUntil, owes } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { owesReview, reviewDueAt } from '../src/deployment/review/owed.ts';
import type { Click, CommandCall, Feature, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import type { Instant } from '../src/time.ts';
import { DELEGATE_MODAL, readDelegateModal, renderDelegateModal } from '../views/delegate-modal.ts';
import { CARD_ACTIONS, MORE } from '../views/deployment-actions.ts';
import { renderOwed } from '../views/owed.ts';
import { readWriteUpModal, renderWriteUpModal, WRITE_UP_MODAL } from '../views/write-up-modal.ts';
import { type CommandContext, clicked, openModal, submit } from './context.ts';
import { tooMuch } from './find.ts';
import { rolesInTime, submitAsRole } from './which-role.ts';

export function owed(context: CommandContext): Feature {
  return {
    clicks: { [CARD_ACTIONS.writeUp]: (click) => openWriteUp(context, click) },
    choices: {
      [MORE.writeUp]: (click) => openWriteUp(context, click),
      [MORE.delegate]: (click) => openDelegate(context, click),
    },
    submissions: {
      [WRITE_UP_MODAL.callback]: (submission) => writeUp(context, submission),
      [DELEGATE_MODAL.callback]: (submission) => delegate(context, submission),
    },
    subCommands: {
      owed: {
        usage: 'owed',
        summary: 'what emergencies and rollbacks still owe: sign-offs, write-ups, change requests, reviews',
        run: (call) => (call.text === '' ? list(context, call) : call.answer(tooMuch(call.text, 'owed'))),
      },
    },
  };
}

async function list(context: CommandContext, call: CommandCall): Promise<void> {
  const found = await listEvery(context.stores.events, { owesApproval: true });
  const due = found
    .filter((d) => owes(d) || owesReview(d))
    .toSorted((a, b) => (firstDue(a) ?? 0) - (firstDue(b) ?? 0));
  await call.answer(renderOwed(due));
}

function firstDue(d: Deployment): Instant | undefined {
  const times = [owes(d) ? owedUntil(d) : undefined, owesReview(d) ? reviewDueAt(d) : undefined];
  const known = times.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

async function openWriteUp(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (found) await openModal(context, click, renderWriteUpModal(found.deployment, found.value));
}

async function writeUp(context: CommandContext, submission: Submission): Promise<SubmissionEnd> {
  const read = readWriteUpModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const intent = { kind: 'write_up', text: read.reason ?? '' } as const;
  return submit(context, submission, read.button.d, WRITE_UP_MODAL.block, intent);
}

async function openDelegate(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (!found) return;
  const { deployment, value } = found;
  const roles = value.r === undefined ? await rolesInTime(context, click, deployment, rolesToDelegate) : [];
  await openModal(context, click, renderDelegateModal(deployment, value, roles));
}

async function delegate(context: CommandContext, submission: Submission): Promise<SubmissionEnd> {
  const read = readDelegateModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const named = await context.people.resolve(read.userId);
  if (!named.ok) {
    const problem = 'This person cannot take part in decisions here. Choose a full member of the workspace.';
    return { kind: 'errors', errors: { [DELEGATE_MODAL.block]: problem } };
  }
  const { id, name } = named.person;
  const { button } = read;
  return submitAsRole(
    context,
    submission,
    {
      deployment: button.d,
      block: DELEGATE_MODAL.block,
      intent: { kind: 'delegate', to: { id, name }, ...defined({ role: button.r }) },
    },
    { rolesFor: rolesToDelegate, draw: (d, roles) => renderDelegateModal(d, button, roles, id) },
  );
}
