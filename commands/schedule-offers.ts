/** Which kinds of change the schedule modal offers to whoever has it open: Standard and Emergency where the policy has them for them (CH-1, CH-9). */

import { defined } from '../src/defined.ts';
import { isBegunWith } from '../src/deployment/request/lost-update.ts';
import { type Asker, mayAsk, notAdmitted } from '../src/policy/admission.ts';
import type { Policy } from '../src/policy/policy.ts';
import { rolesAt } from '../src/policy/team-roles.ts';
import { CHANGE_TYPES, type Details } from '../src/terms/change.ts';
import type { Instant } from '../src/time.ts';
import type { ScheduleState } from '../views/schedule-fields.ts';
import type { CommandContext } from './context.ts';

type ChangeType = Details['changeType'];

export interface Offered {
  /** A kind that is not for them has given way to a normal change. */
  state: ScheduleState;
  changeTypes: readonly ChangeType[];
  /** Why the kind that was chosen is not offered. */
  notice?: string;
}

/** Where Slack does not say who they are, all are offered: sending it asks again. */
export async function offeredTo(
  context: CommandContext,
  state: ScheduleState,
  userId: string,
): Promise<Offered> {
  const who = await context.people.forForms(userId);
  if (who === undefined) return { state, changeTypes: CHANGE_TYPES };
  const policy = context.policy();
  const now = context.clock.now();
  const asker = { id: userId, roles: who.ok ? who.roles : [] };
  const roles =
    state.service === undefined ? asker.roles : rolesAt(policy, { service: state.service }, asker, now);
  return offeredBy(policy, state, { ...asker, roles }, now);
}

export function offeredBy(policy: Policy, state: ScheduleState, who: Asker, now: Instant): Offered {
  const changeTypes = CHANGE_TYPES.filter((type) => isOffered(policy, state, type, who, now));
  if (changeTypes.includes(state.changeType)) return { state, changeTypes };
  const notice = notAdmitted(policy, asking(state, state.changeType), who, now);
  return { state: { ...state, changeType: 'normal' }, changeTypes, ...defined({ notice }) };
}

function isOffered(
  policy: Policy,
  state: ScheduleState,
  type: ChangeType,
  who: Asker,
  now: Instant,
): boolean {
  const { revises } = state.metadata;
  // What it is already it may stay, for whoever changes something else.
  if (type === 'normal' || (revises && isBegunWith(revises.began, 'changeType', type))) return true;
  const isPlaced = state.service !== undefined && state.environment !== undefined;
  if (type === 'standard' && !isPlaced) return state.changeType === type;
  return mayAsk(policy, type, who) && notAdmitted(policy, asking(state, type), who, now) === undefined;
}

function asking({ service = '', environment = '', ...change }: ScheduleState, changeType: ChangeType) {
  return { ...change, service, environment, changeType };
}
