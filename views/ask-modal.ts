/** The modal in which somebody who is to decide asks whoever leads the deployment (K-4). */

import type { ModalView } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { plain, section } from './blocks.ts';
import { type ButtonValue, encodeButton } from './button-value.ts';
import { name, title } from './deployment-words.ts';
import { reasonInput } from './reason-modal.ts';

export const ASK_MODAL = { callback: 'ask', block: 'ask.text', action: 'ask.question' } as const;

/** `what` are the ids of the button that opened it. */
export function renderAskModal(d: Deployment, what: ButtonValue): ModalView {
  const { lead } = d.terms.details;
  return {
    type: 'modal',
    callback_id: ASK_MODAL.callback,
    private_metadata: encodeButton(what),
    title: plain(`Ask ${lead.name}`, 24),
    submit: plain('Ask', 24),
    close: plain('Back', 24),
    blocks: [
      section(
        `${name(lead)} leads *${title(d)}* (${d.id}) and is called to its thread, where everybody reads the question and the answer. Your go or no-go still waits for you.`,
      ),
      reasonInput(ASK_MODAL.block, ASK_MODAL.action, {
        label: 'What do you want to know?',
        placeholder: 'For example: what happens to carts that are open during the migration?',
      }),
    ],
  };
}
