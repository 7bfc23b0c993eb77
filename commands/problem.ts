/** Reporting a problem of what is rolling out: what, and how bad (AN-4). */

import type { Click, Feature, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import { CARD_ACTIONS, MORE } from '../views/deployment-actions.ts';
import { PROBLEM_MODAL, readProblemModal, renderProblemModal } from '../views/problem-modal.ts';
import { type CommandContext, clicked, openModal, submit } from './context.ts';

export function problem(context: CommandContext): Feature {
  return {
    clicks: { [CARD_ACTIONS.problem]: (click) => open(context, click) },
    choices: { [MORE.problem]: (click) => open(context, click) },
    submissions: { [PROBLEM_MODAL.callback]: (submission) => report(context, submission) },
  };
}

async function open(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (found) await openModal(context, click, renderProblemModal(found.deployment, found.value));
}

async function report(context: CommandContext, submission: Submission): Promise<SubmissionEnd> {
  const read = readProblemModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const { impact, what, button } = read;
  return submit(context, submission, button.d, PROBLEM_MODAL.block, { kind: 'report_problem', impact, what });
}
