/** The field of a modal that asks as which of their roles a person acts: nobody else decides that for them (CH-10). */

import type { InputBlock } from '@slack/types';
import type { RequiredSignOff } from '../src/terms/approval.ts';
import { option, plain } from './blocks.ts';
import { oneLine } from './text.ts';
import { type FilledView, fieldsOf } from './view-values.ts';

const ROLE_FIELD = { block: 'as_role', action: 'as_role.role' } as const;

export type NamedRole = Pick<RequiredSignOff, 'role' | 'name'>;

/** Slack takes no more options. */
const MAX_ROLES = 100;

/** Empty where there is nothing to choose. */
export function roleField(roles: readonly NamedRole[], label: string): InputBlock[] {
  if (roles.length < 2) return [];
  return [
    {
      type: 'input',
      block_id: ROLE_FIELD.block,
      label: plain(label, 100),
      element: {
        type: 'static_select',
        action_id: ROLE_FIELD.action,
        placeholder: plain('Choose one of your roles', 150),
        options: roles.slice(0, MAX_ROLES).map(({ role, name }) => option(oneLine(name) || role, role)),
      },
    },
  ];
}

/** The role that was chosen; nothing where none was asked for. */
export function chosenRole(view: FilledView): { r?: string } {
  const role = fieldsOf(view).get(ROLE_FIELD.action)?.value;
  return role === undefined ? {} : { r: role };
}
