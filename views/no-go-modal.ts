/** The modal that asks for the reason of a no-go. */

import type { ModalView } from '@slack/types';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { plain, section } from './blocks.ts';
import { type ButtonValue, encodeButton } from './button-value.ts';
import { leadOrOnCallNames, name, title } from './deployment-words.ts';
import { type ReadReason, readReason, reasonInput } from './reason-modal.ts';
import { chosenRole, type NamedRole, roleField } from './role-field.ts';
import type { FilledView } from './view-values.ts';

export const NO_GO_MODAL = { callback: 'no_go', block: 'no_go.reason', action: 'no_go.text' } as const;

/** `what` are the ids of the button that opened it; `roles` those that whoever clicked has to choose from. */
export function renderNoGoModal(
  d: Deployment,
  what: ButtonValue,
  roles: readonly NamedRole[] = [],
  reason?: string,
): ModalView {
  return {
    type: 'modal',
    callback_id: NO_GO_MODAL.callback,
    private_metadata: encodeButton(what),
    title: plain('No-go', 24),
    submit: plain('Say no-go', 24),
    close: plain('Back', 24),
    blocks: [
      section(
        d.rollout?.startedAt === undefined
          ? `Your no-go ends *${title(d)}* (${d.id}). ${name(d.requestedBy)} is told why and can ask again.`
          : `*${title(d)}* (${d.id}) started without your go. Your no-go is recorded, and ${leadOrOnCallNames(d)} must decide whether it stays.`,
      ),
      ...(what.r === undefined ? roleField(roles, 'As which of your roles?') : []),
      reasonInput(NO_GO_MODAL.block, NO_GO_MODAL.action, {
        label: 'What must change before it can go?',
        placeholder: 'The team reads this on the card',
        ...defined({ initial: reason }),
      }),
    ],
  };
}

export function readNoGoModal(view: FilledView): ReadReason {
  const read = readReason(view, NO_GO_MODAL.action, { block: NO_GO_MODAL.block, needed: true });
  return read.ok ? { ...read, button: { ...read.button, ...chosenRole(view) } } : read;
}
