/** What a form that changes a deployment would do if it were saved now: decided as the real one is, and nothing is written (CH-7). */

import { standingGoes } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Decision } from '../src/deployment/intents.ts';
import type { Terms } from '../src/terms/terms.ts';
import type { Saving } from '../views/saving-words.ts';
import { completeSchedule, type ScheduleState } from '../views/schedule-state.ts';
import { actorOf, type CommandContext } from './context.ts';
import { revisionOf } from './schedule-revision.ts';

/** As it is now: nothing falls before something is changed. */
export function nothingChangedYet(d: Deployment): Saving {
  return { falls: [], joins: [], stands: standing(d) };
}

/** Undefined for a form that changes nothing that is on its way, has a gap, or whose person Slack does not name in time. */
export async function savingOf(
  context: CommandContext,
  state: ScheduleState,
  userId: string,
): Promise<Saving | undefined> {
  const { revises } = state.metadata;
  const complete = completeSchedule(state);
  if (revises === undefined || !complete.ok) return undefined;
  const who = await context.people.forForms(userId);
  if (who?.ok !== true) return undefined;
  const revision = await revisionOf(askingNobody(context), revises.d, complete.value);
  if (!revision.ok) return refusedFor(Object.values(revision.problems)[0]);
  const { intent, before } = revision;
  const { decision, played } = await context.conductor.preview({
    deployment: revises.d,
    intent,
    actor: actorOf(who),
  });
  if (decision.kind === 'refused') return refusedFor(decision.message);
  return { ...fallsOf(decision, before.terms), stands: standing(played?.after ?? before) };
}

/** A form is drawn anew at each choice: Slack is not asked each time who holds a role, nor who the lead is. */
function askingNobody(context: CommandContext): CommandContext {
  const { people } = context;
  return { ...context, people: { ...people, resolve: people.remembered, inRole: async () => [] } };
}

const refusedFor = (refused = ''): Saving => ({ refused, falls: [], joins: [], stands: [] });

function fallsOf(decision: Decision, before: Terms): Pick<Saving, 'falls' | 'joins'> {
  const events = decision.kind === 'accepted' ? decision.events : [];
  const revised = events.find((event) => event.type === 'revised');
  const joins = (revised?.terms.required ?? []).filter(
    ({ role }) => !before.required.some((one) => one.role === role),
  );
  return {
    falls: (revised?.falls ?? []).map((fall) => ({ ...fall, role: roleName(before, fall.role) })),
    joins: joins.map(({ name }) => name),
  };
}

function standing(d: Deployment): Saving['stands'] {
  return standingGoes(d).map(({ person, role }) => ({ person, role: roleName(d.terms, role) }));
}

function roleName({ required }: Terms, role: string): string {
  return required.find((one) => one.role === role)?.name ?? role;
}
