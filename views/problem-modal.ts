/** The modal in which somebody says what is wrong with what is rolling out, and how bad it is (AN-4). */

import type { ModalView } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { IMPACTS, type Impact } from '../src/deployment/problem/impact.ts';
import { plain, section } from './blocks.ts';
import { type ButtonValue, encodeButton } from './button-value.ts';
import { release } from './deployment-words.ts';
import { readReason, reasonInput } from './reason-modal.ts';
import { inline } from './text.ts';
import { type FilledView, fieldsOf } from './view-values.ts';

export const PROBLEM_MODAL = {
  callback: 'problem',
  block: 'problem.text',
  action: 'problem.what',
  impactBlock: 'problem.how_bad',
  impact: 'problem.impact',
} as const;

const CHOICES: Record<Impact, { text: string; says: string }> = {
  data_corruption: { text: 'Data is corrupted', says: 'Rolls back at once' },
  security_incident: { text: 'A security incident', says: 'Rolls back at once' },
  customers: { text: 'Customers are affected', says: 'Holds, and asks lead and on-call' },
  other: { text: 'Something else is wrong', says: 'Holds, and asks lead and on-call' },
};

const optionOf = (impact: Impact) => ({
  text: plain(CHOICES[impact].text, 75),
  description: plain(CHOICES[impact].says, 75),
  value: impact,
});

/** `what` are the ids of the button that opened it. */
export function renderProblemModal(d: Deployment, what: ButtonValue): ModalView {
  return {
    type: 'modal',
    callback_id: PROBLEM_MODAL.callback,
    private_metadata: encodeButton(what),
    title: plain('Report a problem', 24),
    submit: plain('Report', 24),
    close: plain('Back', 24),
    blocks: [
      section(
        `What is wrong with *${release(d)}* in ${inline(d.terms.envelope.environment, 40)}? It is recorded with your name, and acted on at once.`,
      ),
      {
        type: 'input',
        block_id: PROBLEM_MODAL.impactBlock,
        label: plain('How bad is it?', 100),
        element: { type: 'radio_buttons', action_id: PROBLEM_MODAL.impact, options: IMPACTS.map(optionOf) },
      },
      reasonInput(PROBLEM_MODAL.block, PROBLEM_MODAL.action, {
        label: 'What do you see?',
        placeholder: 'For example: orders of the last ten minutes have no lines',
      }),
    ],
  };
}

export type ReadProblem =
  | { ok: true; button: ButtonValue; impact: Impact; what: string }
  | { ok: false; errors: Record<string, string> };

export function readProblemModal(view: FilledView): ReadProblem {
  const read = readReason(view, PROBLEM_MODAL.action, { block: PROBLEM_MODAL.block, needed: true });
  if (!read.ok) return read;
  const chosen = fieldsOf(view).get(PROBLEM_MODAL.impact)?.value;
  const impact = IMPACTS.find((one) => one === chosen);
  if (impact === undefined)
    return { ok: false, errors: { [PROBLEM_MODAL.impactBlock]: 'Say how bad it is.' } };
  return { ok: true, button: read.button, impact, what: read.reason ?? '' };
}
