/** How a submitted modal ends: in its ack, which carries the errors to their fields, or in an update where it takes longer. */

import type { AckFn, ViewResponseAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { type Answering, answered, answerTo } from './answering.ts';
import type { Answer, Submission, SubmissionEnd } from './feature.ts';

export interface SubmissionOptions extends Answering {
  interactive: WebClient;
  /** Where there is no message to answer on (Home, a modal), the answer is a modal. */
  answerView(answer: Answer): ModalView;
  /** What a person sees while a submission takes longer than an ack may. */
  workingView(): ModalView;
}

/** Slack waits 3 s for an ack; a submission's ack carries its errors, so it waits as long as it safely can. */
const SUBMISSION_ACK_MS = 2_000;

export async function endSubmission(
  options: SubmissionOptions,
  submission: Submission,
  ack: AckFn<ViewResponseAction> | AckFn<void>,
  handling: Promise<SubmissionEnd>,
): Promise<void> {
  const acknowledge = ack as AckFn<ViewResponseAction | undefined>;
  const ending = handling.catch((error: unknown): SubmissionEnd => {
    const { userId: user, view } = submission;
    return faultIn(options, submission, answerTo(options, error, { what: view.callbackId, user }).answer);
  });
  const end = await firstWithin(SUBMISSION_ACK_MS, ending);
  if (end === undefined) {
    await acknowledge({ response_action: 'update', view: options.workingView() });
    await showEnd(options, submission, await ending);
    return;
  }
  await acknowledge(ackOf(end));
  if (end.kind === 'close') await afterClose(options, submission, end);
}

/** At a field, where there is one: the modal stays, and with it what the person typed. */
function faultIn(options: SubmissionOptions, { view }: Submission, fault: Answer): SubmissionEnd {
  const field = Object.keys(view.values).at(-1);
  if (field === undefined) return { kind: 'update', view: options.answerView(fault) };
  return { kind: 'errors', errors: { [field]: fault.text.replaceAll('`', '') } };
}

function ackOf(end: SubmissionEnd): ViewResponseAction | undefined {
  switch (end.kind) {
    case 'close':
      return undefined;
    case 'errors':
      return { response_action: 'errors', errors: end.errors };
    case 'update':
      return { response_action: 'update', view: end.view };
  }
}

/** The ack is gone: what it could not carry is shown in the modal. */
async function showEnd(
  options: SubmissionOptions,
  submission: Submission,
  end: SubmissionEnd,
): Promise<void> {
  const view =
    end.kind === 'update'
      ? end.view
      : options.answerView({ text: end.kind === 'close' ? 'Done.' : Object.values(end.errors).join('\n') });
  await options.interactive.views.update({ view_id: submission.view.id, view });
  if (end.kind === 'close') await afterClose(options, submission, end);
}

async function afterClose(
  options: SubmissionOptions,
  submission: Submission,
  end: Extract<SubmissionEnd, { kind: 'close' }>,
): Promise<void> {
  const { afterwards } = end;
  if (afterwards) await answered(options, submission, submission.view.callbackId, afterwards);
}

async function firstWithin<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
