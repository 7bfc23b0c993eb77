/** What emergencies owe (CH-1): the list of it, the write-up, and handing a sign-off on (CH-8). */

import { listEvery } from '../src/conductor/every.ts';
import { defined } from '../src/defined.ts';
import { rolesToDelegate } from '../src/deployment/approval/may-sign.ts';
import { owedUntil, owes } from '../src/deployment/approval/sign-offs.ts';
import type { Click, CommandCall, Feature, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import { DELEGATE_MODAL, readDelegateModal, renderDelegateModal } from '../views/delegate-modal.ts';
import { CARD_ACTIONS, MORE } from '../views/deployment-actions.ts';
import { renderOwed } from '../views/owed.ts';
import { readWriteUpModal, renderWriteUpModal, WRITE_UP_MODAL } from '../views/write-up-modal.ts';
import { clicked, openModal, type Room, submit } from './room.ts';
import { rolesInTime, submitAsRole } from './which-role.ts';

export function owed(room: Room): Feature {
  return {
    clicks: { [CARD_ACTIONS.writeUp]: (click) => openWriteUp(room, click) },
    choices: {
      [MORE.writeUp]: (click) => openWriteUp(room, click),
      [MORE.delegate]: (click) => openDelegate(room, click),
    },
    submissions: {
      [WRITE_UP_MODAL.callback]: (submission) => writeUp(room, submission),
      [DELEGATE_MODAL.callback]: (submission) => delegate(room, submission),
    },
    subCommands: {
      owed: {
        usage: 'owed',
        summary: 'sign-offs, write-ups and change requests that emergencies still owe',
        run: (call) => list(room, call),
      },
    },
  };
}

async function list(room: Room, call: CommandCall): Promise<void> {
  const found = await listEvery(room.stores.events, { owing: true });
  const due = found.filter(owes).toSorted((a, b) => (owedUntil(a) ?? 0) - (owedUntil(b) ?? 0));
  await call.answer(renderOwed(due));
}

async function openWriteUp(room: Room, click: Click): Promise<void> {
  const found = await clicked(room, click);
  if (found) await openModal(room, click, renderWriteUpModal(found.deployment, found.value));
}

async function writeUp(room: Room, submission: Submission): Promise<SubmissionEnd> {
  const read = readWriteUpModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const intent = { kind: 'write_up', text: read.reason ?? '' } as const;
  return submit(room, submission, read.button.d, WRITE_UP_MODAL.block, intent);
}

async function openDelegate(room: Room, click: Click): Promise<void> {
  const found = await clicked(room, click);
  if (!found) return;
  const { deployment, value } = found;
  const roles = value.r === undefined ? await rolesInTime(room, click, deployment, rolesToDelegate) : [];
  await openModal(room, click, renderDelegateModal(deployment, value, roles));
}

async function delegate(room: Room, submission: Submission): Promise<SubmissionEnd> {
  const read = readDelegateModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const named = await room.people.resolve(read.userId);
  if (!named.ok) {
    const problem = 'This person cannot take part in decisions here. Choose a full member of the workspace.';
    return { kind: 'errors', errors: { [DELEGATE_MODAL.block]: problem } };
  }
  const { id, name } = named.person;
  const { button } = read;
  return submitAsRole(
    room,
    submission,
    {
      deployment: button.d,
      block: DELEGATE_MODAL.block,
      intent: { kind: 'delegate', to: { id, name }, ...defined({ role: button.r }) },
    },
    { rolesFor: rolesToDelegate, draw: (d, roles) => renderDelegateModal(d, button, roles, id) },
  );
}
