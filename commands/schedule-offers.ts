/** What the schedule modal offers to whoever has it open: the kinds of change that are for them (CH-1, CH-9), and starts that are not refused. */

import { earliestOf, offeredStartAt } from '../src/conductor/place-facts.ts';
import { defined } from '../src/defined.ts';
import { type Asker, mayAsk, notAdmitted, notTheirs } from '../src/policy/admission.ts';
import { baseTypeOf, changeTypeIds } from '../src/policy/change-types.ts';
import type { Policy } from '../src/policy/policy.ts';
import { rolesAt } from '../src/policy/team-roles.ts';
import type { BaseType, Details } from '../src/terms/change.ts';
import type { Instant } from '../src/time.ts';
import { isBegunWith, type ScheduleState } from '../views/schedule-state.ts';
import type { CommandContext } from './context.ts';

type ChangeType = Details['changeType'];

export interface Offered {
  /** A kind that is not for them has given way to a normal change. */
  state: ScheduleState;
  changeTypes: readonly ChangeType[];
  allChangeTypes: readonly ChangeType[];
  base: BaseType;
  /** Of whoever has it open. */
  zone: string;
  /** Why the kind that was chosen is not offered. */
  notice?: string;
}

/** Where Slack does not say who they are, all are offered: sending it asks again. */
export async function offeredTo(
  context: CommandContext,
  asked: ScheduleState,
  userId: string,
): Promise<Offered> {
  const policy = context.policy();
  const who = await context.people.forForms(userId);
  const now = context.clock.now();
  const asker = { id: userId, roles: who?.ok ? who.roles : [] };
  const roles =
    asked.service === undefined ? asker.roles : rolesAt(policy, { service: asked.service }, asker, now);
  const offered =
    who === undefined
      ? { state: asked, changeTypes: changeTypeIds(policy) }
      : offeredBy(policy, asked, { ...asker, roles }, now);
  const zone = who?.ok ? who.person.tz : policy.timeZone;
  return {
    ...offered,
    zone,
    allChangeTypes: changeTypeIds(policy),
    base: baseTypeOf(policy, offered.state.changeType),
    state: await withOfferedStart(context, offered.state),
  };
}

function offeredBy(
  policy: Policy,
  state: ScheduleState,
  who: Asker,
  now: Instant,
): Omit<Offered, 'zone' | 'base' | 'allChangeTypes'> {
  const changeTypes = changeTypeIds(policy).filter((type) => isOffered(policy, state, type, who, now));
  if (changeTypes.includes(state.changeType)) return { state, changeTypes };
  const notice =
    notAdmitted(policy, asking(state, state.changeType), who, now) ??
    notTheirs(policy, state.changeType, who);
  return { state: { ...state, changeType: 'normal' }, changeTypes, ...defined({ notice }) };
}

/** What is announced ahead starts at the earliest where it could not at once, and a time that is asked for begins with that. */
async function withOfferedStart(context: CommandContext, state: ScheduleState): Promise<ScheduleState> {
  const { environment, when, at, metadata } = state;
  if (environment === undefined || metadata.revises !== undefined) return state;
  const next = await offeredStartAt(context, state);
  if (when === 'at') return at === undefined && next !== undefined ? { ...state, at: next } : state;
  const isAhead = earliestOf(context, environment, state) !== undefined;
  if (when === 'window') return next === undefined ? { ...state, when: isAhead ? 'at' : 'ready' } : state;
  return isAhead ? { ...state, when: next === undefined ? 'at' : 'window' } : state;
}

function isOffered(
  policy: Policy,
  state: ScheduleState,
  type: ChangeType,
  who: Asker,
  now: Instant,
): boolean {
  // What it is already it may stay, for whoever changes something else.
  if (type === 'normal' || isBegunWith(state, 'changeType', type)) return true;
  const isPlaced = state.service !== undefined && state.environment !== undefined;
  if (baseTypeOf(policy, type) === 'standard' && !isPlaced) return state.changeType === type;
  return mayAsk(policy, type, who) && notAdmitted(policy, asking(state, type), who, now) === undefined;
}

function asking({ service = '', environment = '', ...change }: ScheduleState, changeType: ChangeType) {
  return { ...change, service, environment, changeType };
}
