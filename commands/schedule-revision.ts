/** A form that changes what is on its way: refused with both values where it would put back what others changed (CH-7). */

import { planRevision } from '../src/conductor/plan-request.ts';
import { checkRequest, type Given } from '../src/conductor/request-checks.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Intent } from '../src/deployment/intents.ts';
import { wordsHash } from '../src/deployment/request/envelope.ts';
import { type FormField, formValues, lostUpdates, valuesNow } from '../src/deployment/request/lost-update.ts';
import { moment } from '../src/time.ts';
import type { ScheduleField, SubmittedSchedule } from '../views/schedule-fields.ts';
import type { CommandContext } from './context.ts';

type Problems = Partial<Record<ScheduleField, string>>;

/** What somebody else changed since the form was opened, and it would put back: both values, each at its field. */
async function lostTo(
  context: CommandContext,
  given: SubmittedSchedule,
  before: Deployment,
): Promise<Problems | undefined> {
  const { revises } = given.metadata;
  if (revises === undefined) return undefined;
  const lost = lostUpdates(revises.began, formValues({ ...given, start: startOf(given) }), valuesNow(before));
  if (lost.length === 0) return undefined;
  const problems = lost.map(async (field): Promise<[ScheduleField, string]> => {
    const yours = await yourWords(context, given, field);
    const says = `Someone was faster. Now: "${cut(nowWords(before, field))}". Yours: "${cut(yours)}". Nothing was saved: choose what is there now, or close this and open Change… again.`;
    return [field === 'start' ? startField(given) : field, says];
  });
  return Object.fromEntries(await Promise.all(problems));
}

/** Without a time there is no field for it. */
const startField = ({ when }: SubmittedSchedule): ScheduleField => (when === 'at' ? 'at' : 'when');

function startOf({ when, at }: SubmittedSchedule): Parameters<typeof formValues>[0]['start'] {
  if (when === 'window') return { kind: 'window' };
  return when === 'at' && at !== undefined ? { kind: 'at', at } : { kind: 'when_ready' };
}

const cut = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

function startWords(start: ReturnType<typeof startOf>): string {
  if (start.kind === 'at') return moment(start.at);
  return start.kind === 'window' ? 'in the next open window' : 'as soon as it is ready';
}

function nowWords({ terms: { envelope, details } }: Deployment, field: FormField): string {
  switch (field) {
    case 'start':
      return startWords(envelope.start);
    case 'version':
      return envelope.version;
    case 'strategy':
      return envelope.plan.strategy;
    case 'lead':
    case 'onCall':
      return details[field].name;
    default:
      return details[field].replaceAll('_', ' ');
  }
}

async function yourWords(
  context: CommandContext,
  given: SubmittedSchedule,
  field: FormField,
): Promise<string> {
  switch (field) {
    case 'start':
      return startWords(startOf(given));
    case 'lead':
    case 'onCall':
      return (await context.people.known(given[field])).name;
    default:
      return given[field].replaceAll('_', ' ');
  }
}

export type Revision =
  | { ok: true; intent: Extract<Intent, { kind: 'revise' }>; before: Deployment }
  | { ok: false; problems: Problems };

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
