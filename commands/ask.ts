/** Asking whoever leads a deployment, from the message that asks for a go (K-4). */

import type { Click, Feature, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import { ASK_MODAL, renderAskModal } from '../views/ask-modal.ts';
import { CARD_ACTIONS } from '../views/deployment-actions.ts';
import { readReason } from '../views/reason-modal.ts';
import { type CommandContext, clicked, openModal, submit } from './context.ts';

export function askLead(context: CommandContext): Feature {
  return {
    clicks: { [CARD_ACTIONS.ask]: (click) => open(context, click) },
    submissions: { [ASK_MODAL.callback]: (submission) => ask(context, submission) },
  };
}

async function open(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (found) await openModal(context, click, renderAskModal(found.deployment, found.value));
}

async function ask(context: CommandContext, submission: Submission): Promise<SubmissionEnd> {
  const read = readReason(submission.view, ASK_MODAL.action, { block: ASK_MODAL.block, needed: true });
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const intent = { kind: 'ask', question: read.reason ?? '' } as const;
  return submit(context, submission, read.button.d, ASK_MODAL.block, intent);
}
