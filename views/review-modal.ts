/** The modal in which those who had to roll back write down what they have learnt (RB-6). */

import type { InputBlock, ModalView } from '@slack/types';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { reviewDueAt } from '../src/deployment/review/owed.ts';
import type { Review } from '../src/terms/review.ts';
import { plain, section } from './blocks.ts';
import { type ButtonValue, decodeButton, encodeButton } from './button-value.ts';
import { title } from './deployment-words.ts';
import { dateTime } from './text.ts';
import { type FilledView, fieldsOf } from './view-values.ts';

export const REVIEW_MODAL = {
  callback: 'review',
  fields: {
    cause: 'review.cause',
    actions: 'review.actions',
    wentWell: 'review.went_well',
    couldImprove: 'review.could_improve',
  },
} as const satisfies { callback: string; fields: Record<keyof Review, string> };

const MAX_LENGTH = 2000;

type Field = keyof Review;

const FIELDS: Record<Field, { label: string; placeholder: string; optional: boolean }> = {
  cause: {
    label: 'What happened, and why?',
    placeholder: 'What customers saw, what broke, and what made it possible',
    optional: false,
  },
  wentWell: {
    label: 'What went well?',
    placeholder: 'What found it, what kept it small',
    optional: true,
  },
  couldImprove: {
    label: 'What could go better?',
    placeholder: 'What was late, missing or hard to find',
    optional: true,
  },
  actions: {
    label: 'What is done about it, by whom, until when?',
    placeholder: 'For example: a test of the new query by Tom until Friday; or: nothing, because …',
    optional: false,
  },
};
/** In the order in which they are read. */
const ORDER: readonly Field[] = ['cause', 'wentWell', 'couldImprove', 'actions'];

/** `what` are the ids of the button that opened it; what was written before stands there to be changed. */
export function renderReviewModal(d: Deployment, what: ButtonValue): ModalView {
  const due = reviewDueAt(d);
  return {
    type: 'modal',
    callback_id: REVIEW_MODAL.callback,
    private_metadata: encodeButton(what),
    title: plain('Review the rollback', 24),
    submit: plain('Record', 24),
    close: plain('Back', 24),
    blocks: [
      section(
        `*${title(d)}* (${d.id}) was rolled back. What is written here becomes part of its record${due === undefined ? '' : `; it is due ${dateTime(due)}`}.`,
      ),
      ...ORDER.map((field) => inputOf(field, d.review?.written?.[field])),
    ],
  };
}

function inputOf(field: Field, written: string | undefined): InputBlock {
  const { label, placeholder, optional } = FIELDS[field];
  return {
    type: 'input',
    block_id: REVIEW_MODAL.fields[field],
    optional,
    label: plain(label, 100),
    element: {
      type: 'plain_text_input',
      action_id: REVIEW_MODAL.fields[field],
      multiline: true,
      max_length: MAX_LENGTH,
      placeholder: plain(placeholder, 150),
      ...defined({ initial_value: written?.slice(0, MAX_LENGTH) }),
    },
  };
}

export type ReadReview =
  | { ok: true; button: ButtonValue; review: Review }
  | { ok: false; errors: Record<string, string> };

export function readReviewModal(view: FilledView): ReadReview {
  const button = decodeButton(view.privateMetadata);
  if (button === undefined)
    return {
      ok: false,
      errors: { [REVIEW_MODAL.fields.cause]: 'This form is from another time. Open it again.' },
    };
  const filled = fieldsOf(view);
  const said = (field: Field): string => (filled.get(REVIEW_MODAL.fields[field])?.value ?? '').trim();
  const missing = ORDER.filter((field) => !FIELDS[field].optional && said(field) === '');
  if (missing.length > 0)
    return {
      ok: false,
      errors: Object.fromEntries(
        missing.map((field) => [REVIEW_MODAL.fields[field], 'Say it in a few words.']),
      ),
    };
  const given = (field: Field): string | undefined => said(field) || undefined;
  return {
    ok: true,
    button,
    review: {
      cause: said('cause'),
      actions: said('actions'),
      ...defined({ wentWell: given('wentWell'), couldImprove: given('couldImprove') }),
    },
  };
}
