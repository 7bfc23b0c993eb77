/** What stands in the way of a start just now: the calendar of the place, what still bakes, and who has left since they signed. */

import { defined } from '../../defined.ts';
import { signersOf } from '../../deployment/approval/signers.ts';
import type { Deployment } from '../../deployment/deployment.ts';
import type { Intent } from '../../deployment/intents.ts';
import { NOT_STARTED } from '../../deployment/lifecycle.ts';
import type { Calendar } from '../../policy/calendar/blockers.ts';
import type { Place } from '../../policy/calendar/scope.ts';
import type { Instant } from '../../time.ts';
import { gatherCalendar } from '../calendar.ts';
import { bakingIn } from '../promotion.ts';
import { signerAt } from '../roles-at.ts';
import type { FactsContext, Found } from './context.ts';
import { placeOf } from './place.ts';

export async function calendarOf(
  context: FactsContext,
  intent: Intent,
  before: Deployment | undefined,
  now: Instant,
): Promise<Found> {
  const place = placeInQuestion(intent, before);
  if (place === undefined) return {};
  const [calendar, baking, people] = await Promise.all([
    gatherCalendar(context.stores, context.policy(), place, now),
    bakingOf(context, intent, before),
    peopleAtTheStart(context, before, now),
  ]);
  return { calendar: { ...calendar, ...baking, ...people } };
}

/** The intents that want to know what stands in the way of a deployment that has not started. */
const ASKS_THE_CALENDAR: ReadonlySet<Intent['kind']> = new Set(['revise', 'override', 'wake', 'observed']);

function placeInQuestion(
  intent: Intent,
  before: Deployment | undefined,
): (Place & { id?: string }) | undefined {
  if (intent.kind === 'request') return intent.terms.envelope;
  return ASKS_THE_CALENDAR.has(intent.kind) && before !== undefined && NOT_STARTED.has(before.status)
    ? { ...placeOf(before), id: before.id }
    : undefined;
}

/** Of what is asked for, and under the terms that were frozen with it. */
async function bakingOf(
  { stores }: FactsContext,
  intent: Intent,
  before: Deployment | undefined,
): Promise<Pick<Calendar, 'baking'>> {
  const asked = intent.kind === 'request' || intent.kind === 'revise' ? intent.terms : before?.terms;
  const bake = intent.kind === 'request' ? intent.terms.bake : before?.terms.bake;
  if (asked === undefined || bake === undefined) return {};
  return { baking: await bakingIn(stores.events, bake, asked.envelope) };
}

/** Whoever is to be on call or said go is asked for again when it would start: they may have left since (WN-5, CH-7). */
async function peopleAtTheStart(
  { people, policy }: FactsContext,
  d: Deployment | undefined,
  now: Instant,
): Promise<Pick<Calendar, 'gone' | 'signers'>> {
  if (d?.status !== 'scheduled' || d.start.at === undefined || d.start.at > now) return {};
  const { gone, signer: signerNow } = people;
  const { id } = d.terms.details.onCall;
  const why = await gone?.(id);
  const asked = signerNow && (await Promise.all(signersOf(d).map(signerNow)));
  const signers = asked?.map((signer) => signerAt(policy(), placeOf(d), signer, now));
  return { gone: why === undefined ? [] : [{ id, why }], ...defined({ signers }) };
}
