/** What is asked of the record, the policy, the people and the backends before an intent is decided: each kind has its own. */

import type { Deployment } from '../deployment/deployment.ts';
import type { Actor, Intent } from '../deployment/intents.ts';
import { NOT_STARTED, TERMINAL } from '../deployment/lifecycle.ts';
import type { Place } from '../policy/calendar/scope.ts';
import { calendarOf } from './facts/calendar.ts';
import type { FactsContext, Found, IntentOf, Known } from './facts/context.ts';
import { ofObserved } from './facts/observed.ts';
import { occupantAt, occupiedBy, placeOf } from './facts/place.ts';
import { ofRequest, ofTakeBack, ofTerms, whetherTheyDeclare } from './facts/request.ts';
import type { HandleContext } from './handle.ts';
import { gatherReports } from './reports.ts';
import { actorAt } from './roles-at.ts';
import { smokeTallyAt } from './smoke.ts';

export function createFacts(context: FactsContext): HandleContext['gatherFacts'] {
  return async ({ intent, actor: given }, before) => {
    const now = context.clock.now();
    const known = { now, actor: actorAt(context.policy(), placeMeant(intent, before), given, now) };
    return {
      ...known,
      ...(await calendarOf(context, intent, before, now)),
      ...(await reportsOf(context, intent, before)),
      ...(await ownFacts(context, intent, { before, known, given })),
    };
  };
}

interface Asked {
  before: Deployment | undefined;
  known: Known;
  /** Whoever asks, with the roles that they hold wherever it is. */
  given: Actor;
}

type Gather<K extends Intent['kind']> = (
  context: FactsContext,
  intent: IntentOf<K>,
  asked: Asked,
) => Found | Promise<Found>;

/** The kinds that want to know more than the calendar and what was reported. */
const OWN_FACTS: { [K in Intent['kind']]?: Gather<K> } = {
  request: (context, intent, { known }) => ofRequest(context, intent, known),
  revise: (context, intent, { before, known }) => ofTerms(context, intent, before, known),
  take_back: (context, intent, { known, given }) => ofTakeBack(context, intent, known.now, given),
  watch: async (context, { terms }) => occupiedBy(await occupantAt(context, terms.envelope)),
  override: (context, _intent, { before, known }) =>
    before === undefined ? {} : whetherTheyDeclare(context, before, known),
  smoke_reported: async ({ stores }, _intent, { before }) =>
    before === undefined || before.smoke?.tally !== undefined
      ? {}
      : { smokeTally: await smokeTallyAt(stores.events, before) },
  observed: (context, intent, { before, known }) => ofObserved(context, intent, before, known.now),
};

function ownFacts(context: FactsContext, intent: Intent, asked: Asked): Found | Promise<Found> {
  const gather = OWN_FACTS[intent.kind] as Gather<Intent['kind']> | undefined;
  return gather?.(context, intent, asked) ?? {};
}

async function reportsOf(
  { stores, policy }: FactsContext,
  intent: Intent,
  before: Deployment | undefined,
): Promise<Found> {
  if (!asksForReports(intent, before)) return {};
  const isAsked = intent.kind === 'request' || intent.kind === 'revise';
  const of = isAsked ? intent.terms.envelope : before?.terms.envelope;
  return of === undefined ? {} : gatherReports(stores, policy(), of);
}

/**
 * Where a machine's word may move it, or has to be told in its thread: from the request to its end. Whatever is said of
 * its release wakes it, so a look at the backend does not ask each time, but for the one that starts it.
 */
function asksForReports({ kind }: Intent, before: Deployment | undefined): boolean {
  if (kind === 'request' || kind === 'revise') return true;
  if (before === undefined) return false;
  if (kind === 'observed') return NOT_STARTED.has(before.status);
  return kind === 'wake' && !TERMINAL.has(before.status);
}

/** The place that it is about; undefined where no record says yet. */
function placeMeant(intent: Intent, before: Deployment | undefined): Place | undefined {
  if (intent.kind === 'request') return intent.terms.envelope;
  return before && placeOf(before);
}
