/** Writing a deployment's change request, and changing it (CH-5): from the card, its menu, and a message to its lead. */

import type { Click, Feature, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import {
  CHANGE_REQUEST_FIELDS,
  type ChangeRequestForm,
  formOf,
  readChangeRequestModal,
  readForm,
  withoutRisk,
  withRisk,
} from '../views/change-request-fields.ts';
import { CHANGE_REQUEST_MODAL, renderChangeRequestModal } from '../views/change-request-modal.ts';
import { CARD_ACTIONS, MORE } from '../views/deployment-actions.ts';
import { type CommandContext, carryOut, clicked, openModal, submit } from './context.ts';

export function changeRequest(context: CommandContext): Feature {
  return {
    clicks: {
      [CARD_ACTIONS.changeRequest]: (click) => open(context, click),
      [CHANGE_REQUEST_MODAL.addRisk]: (click) => redraw(context, click, withRisk),
      [CHANGE_REQUEST_MODAL.removeRisk]: (click) =>
        redraw(context, click, (form) => withoutRisk(form, Number(click.value))),
    },
    choices: { [MORE.changeRequest]: (click) => open(context, click) },
    submissions: { [CHANGE_REQUEST_MODAL.callback]: (submission) => write(context, submission) },
  };
}

/** Whether they may is asked before they type a page, and again when they send it. */
async function open(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (!found) return;
  const { deployment } = found;
  const outcome = await carryOut(context, click, deployment.id, { kind: 'write_change_request' });
  if (outcome === undefined || outcome.kind === 'refused') return;
  await openModal(context, click, renderChangeRequestModal(deployment, formOf(deployment)));
}

/** A risk more or less: what was typed stays where it was. */
async function redraw(
  context: CommandContext,
  { view }: Click,
  change: (form: ChangeRequestForm) => ChangeRequestForm,
): Promise<void> {
  const form = view && readForm(view);
  const deployment = form && (await context.stores.events.load(form.d));
  if (view === undefined || form === undefined || deployment === undefined)
    throw new Error('a form for a change request belongs to no deployment');
  // Without its hash: two quick clicks are no fault, and Slack keeps what is typed in fields of the same id.
  await context.clients.interactive.views.update({
    view_id: view.id,
    view: renderChangeRequestModal(deployment, change(form)),
  });
}

async function write(context: CommandContext, submission: Submission): Promise<SubmissionEnd> {
  const read = readChangeRequestModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const { d, seen, request } = read;
  return submit(context, submission, d, CHANGE_REQUEST_FIELDS.justification, {
    kind: 'write_change_request',
    request,
    seen,
  });
}
