/** After a rollback (RB-6): the incident record as a file in the thread, and the review. */

import { incidentOf } from '../src/deployment/review/incident.ts';
import type { Click, Feature, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import { renderRefusal } from '../views/answers.ts';
import { CARD_ACTIONS, MORE } from '../views/deployment-actions.ts';
import { plainRelease } from '../views/deployment-words.ts';
import { incidentFileName, incidentWords, renderIncidentRecord } from '../views/incident-record.ts';
import { REVIEW_MODAL, readReviewModal, renderReviewModal } from '../views/review-modal.ts';
import { type CommandContext, clicked, openModal, submit, whoIs } from './context.ts';

export function review(context: CommandContext): Feature {
  return {
    clicks: {
      [CARD_ACTIONS.review]: (click) => open(context, click),
      [CARD_ACTIONS.incident]: (click) => postRecord(context, click),
    },
    choices: {
      [MORE.review]: (click) => open(context, click),
      [MORE.incident]: (click) => postRecord(context, click),
    },
    submissions: { [REVIEW_MODAL.callback]: (submission) => record(context, submission) },
  };
}

async function open(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (found) await openModal(context, click, renderReviewModal(found.deployment, found.value));
}

async function record(context: CommandContext, submission: Submission): Promise<SubmissionEnd> {
  const read = readReviewModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const intent = { kind: 'review', review: read.review } as const;
  return submit(context, submission, read.button.d, REVIEW_MODAL.fields.cause, intent);
}

/** As it stands now, into the thread of the deployment: there it is found again, and can be loaded. */
async function postRecord(context: CommandContext, click: Click): Promise<void> {
  const somebody = await whoIs(context, click);
  const found = somebody && (await clicked(context, click));
  if (!found) return;
  const { deployment: d } = found;
  const events = await context.stores.events.events(d.id);
  const incident = incidentOf(d, events);
  const card = await context.stores.messages.find(d.id, 'card');
  if (incident === undefined || card?.ts === undefined || card.channel === undefined)
    return click.answer(renderRefusal(`${plainRelease(d)} has no incident record: it was not rolled back.`));
  const upload = {
    name: incidentFileName(d),
    title: `Incident record of ${plainRelease(d)} (${d.id})`,
    alt: `Incident record of ${plainRelease(d)} as a Markdown file`,
    bytes: new TextEncoder().encode(renderIncidentRecord(d, incident, events)),
  };
  const shared = { channel: card.channel, thread: card.ts, comment: incidentWords(d, incident) };
  const posted = await context.shareFile(upload, shared);
  if (!posted.ok)
    await click.answer(
      renderRefusal(
        `Slack did not take the incident record (${posted.why}). Click again in a minute, or print it where GoNoGo runs: gonogo incident ${d.id}`,
      ),
    );
}
