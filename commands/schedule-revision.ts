/** A form that changes what is on its way: refused with both values where it would put back what others changed (CH-7). */

import { planRevision } from '../src/conductor/plan-request.ts';
import { checkRequest, type Given } from '../src/conductor/request-checks.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Intent } from '../src/deployment/intents.ts';
import { wordsHash } from '../src/deployment/request/envelope.ts';
import { lostUpdates } from '../src/deployment/request/lost-update.ts';
import { entryOf, type ScheduleField } from '../views/schedule-fields.ts';
import {
  comparedValues,
  type ScheduleProblems,
  type ScheduleState,
  type SubmittedSchedule,
  scheduleOf,
} from '../views/schedule-state.ts';
import type { CommandContext } from './context.ts';

/** What somebody else changed since the form was opened, and it would put back: both values, each at its field. */
async function lostTo(
  context: CommandContext,
  given: SubmittedSchedule,
  before: Deployment,
): Promise<ScheduleProblems | undefined> {
  const { revises } = given.metadata;
  if (revises === undefined) return undefined;
  const now = scheduleOf(before);
  const lost = lostUpdates(revises.began, comparedValues(given), comparedValues(now)) as ScheduleField[];
  if (lost.length === 0) return undefined;
  const problems = lost.map(async (field): Promise<[ScheduleField, string]> => {
    const [theirs, yours] = await Promise.all([told(context, now, field), told(context, given, field)]);
    const says = `Someone was faster. Now: "${cut(theirs)}". Yours: "${cut(yours)}". Nothing was saved: choose what is there now, or close this and open Change… again.`;
    return [field, says];
  });
  return Object.fromEntries(await Promise.all(problems));
}

const cut = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

async function told(
  context: CommandContext,
  state: ScheduleState | SubmittedSchedule,
  name: ScheduleField,
): Promise<string> {
  const entry = entryOf(name);
  const value = state[name];
  if (typeof entry.told === 'function') return entry.told(value, state);
  const text = String(value ?? '');
  return entry.told === 'person' ? (await context.people.known(text)).name : text.replaceAll('_', ' ');
}

export type Revision =
  | { ok: true; intent: Extract<Intent, { kind: 'revise' }>; before: Deployment }
  | { ok: false; problems: ScheduleProblems };

/** What a form says, as every door asks. */
export function givenBy({ metadata, ...given }: SubmittedSchedule): Given {
  return { ...given, contract: metadata.contract };
}

/** As it is asked of the core, which refuses it where it has become another once more by then. */
export async function revisionOf(
  context: CommandContext,
  deployment: string,
  given: SubmittedSchedule,
): Promise<Revision> {
  const before = await context.stores.events.load(deployment);
  if (before === undefined) throw new Error(`${deployment} is being changed and is not in the record`);
  const lost = await lostTo(context, given, before);
  if (lost !== undefined) return { ok: false, problems: lost };
  const checked = await checkRequest(context, givenBy(given));
  if (!checked.ok) return checked;
  const peopleIn = (role: string) => context.people.inRole(role, given.service);
  const revision = await planRevision(context.policy(), before, checked.asked, peopleIn);
  const seen = { envelopeHash: before.envelopeHash, wordsHash: wordsHash(before.terms.details) };
  return { ok: true, intent: { ...revision, ...seen }, before };
}
