/** The modal in which an emergency is written up: what was done, and why it could not wait (CH-1). */

import type { ModalView } from '@slack/types';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { plain, section } from './blocks.ts';
import { type ButtonValue, encodeButton } from './button-value.ts';
import { title } from './deployment-words.ts';
import { type ReadReason, readReason } from './reason-modal.ts';
import type { FilledView } from './view-values.ts';

export const WRITE_UP_MODAL = {
  callback: 'write_up',
  block: 'write_up.text',
  action: 'write_up.words',
} as const;

const MAX_WRITE_UP_LENGTH = 3000;

/** `what` are the ids of the button that opened it. */
export function renderWriteUpModal(d: Deployment, what: ButtonValue): ModalView {
  return {
    type: 'modal',
    callback_id: WRITE_UP_MODAL.callback,
    private_metadata: encodeButton(what),
    title: plain('Write it up', 24),
    submit: plain('Record', 24),
    close: plain('Back', 24),
    blocks: [
      section(
        `*${title(d)}* (${d.id}) started as an emergency. What is written here becomes part of its record.`,
      ),
      {
        type: 'input',
        block_id: WRITE_UP_MODAL.block,
        label: plain('What was done, and why could it not wait?', 100),
        element: {
          type: 'plain_text_input',
          action_id: WRITE_UP_MODAL.action,
          multiline: true,
          max_length: MAX_WRITE_UP_LENGTH,
          focus_on_load: true,
          placeholder: plain('What was wrong, what changed, how it was checked, what is left to do', 150),
          ...defined({ initial_value: d.approval.writeUp?.text.slice(0, MAX_WRITE_UP_LENGTH) }),
        },
      },
    ],
  };
}

export function readWriteUpModal(view: FilledView): ReadReason {
  return readReason(view, WRITE_UP_MODAL.action, { block: WRITE_UP_MODAL.block, needed: true });
}
