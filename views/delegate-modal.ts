/** The modal that asks who is to sign in one's place (CH-8). */

import type { ModalView } from '@slack/types';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { plain, section } from './blocks.ts';
import { type ButtonValue, decodeButton, encodeButton } from './button-value.ts';
import { title } from './deployment-words.ts';
import { chosenRole, type NamedRole, roleField } from './role-field.ts';
import { type FilledView, fieldsOf } from './view-values.ts';

export const DELEGATE_MODAL = {
  callback: 'delegate',
  block: 'delegate.person',
  action: 'delegate.who',
} as const;

/** `what` are the ids of the button that opened it. */
export function renderDelegateModal(
  d: Deployment,
  what: ButtonValue,
  roles: readonly NamedRole[] = [],
  userId?: string,
): ModalView {
  return {
    type: 'modal',
    callback_id: DELEGATE_MODAL.callback,
    private_metadata: encodeButton(what),
    title: plain('Delegate', 24),
    submit: plain('Delegate', 24),
    close: plain('Back', 24),
    blocks: [
      section(
        `Somebody else may then sign for you: *${title(d)}* (${d.id}). They are asked at once, and it stands in the record.`,
      ),
      ...(what.r === undefined ? roleField(roles, 'For which of your roles?') : []),
      {
        type: 'input',
        block_id: DELEGATE_MODAL.block,
        label: plain('Who signs in your place?', 100),
        element: {
          type: 'users_select',
          action_id: DELEGATE_MODAL.action,
          placeholder: plain('Choose a person', 150),
          ...defined({ initial_user: userId }),
        },
      },
    ],
  };
}

export type ReadDelegate =
  | { ok: true; button: ButtonValue; userId: string }
  | { ok: false; errors: Record<string, string> };

export function readDelegateModal(view: FilledView): ReadDelegate {
  const button = decodeButton(view.privateMetadata);
  const userId = fieldsOf(view).get(DELEGATE_MODAL.action)?.value;
  const wrong = (problem: string): ReadDelegate => ({
    ok: false,
    errors: { [DELEGATE_MODAL.block]: problem },
  });
  if (!button) return wrong('This form is from another time. Close it and start again from the card.');
  return userId === undefined
    ? wrong('Choose a person.')
    : { ok: true, button: { ...button, ...chosenRole(view) }, userId };
}
