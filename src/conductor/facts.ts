/** What is asked of the record, the policy, the people and the backends before an intent is decided: each kind has its own. */

import type { DeployBackend } from '../backends/port.ts';
import { defined } from '../defined.ts';
import { signersOf } from '../deployment/approval/signers.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Actor, Facts, Intent } from '../deployment/intents.ts';
import { NOT_STARTED, TERMINAL } from '../deployment/lifecycle.ts';
import { strangerIn } from '../deployment/rollout/drift.ts';
import { mayAsk, mayDeclare, notAdmitted } from '../policy/admission.ts';
import type { Calendar, Gone, Signer } from '../policy/calendar/blockers.ts';
import type { Place } from '../policy/calendar/scope.ts';
import type { Policy } from '../policy/policy.ts';
import { strategiesFor } from '../policy/rollout.ts';
import { whereFrom } from '../policy/watching.ts';
import type { Clock, Instant } from '../time.ts';
import type { BackendQuestions } from './asked-of-backends.ts';
import { gatherCalendar } from './calendar.ts';
import type { HandleContext, Input } from './handle.ts';
import type { Instances } from './instances.ts';
import { leftBy, newestLeft } from './left-there.ts';
import type { Stores } from './ports/stores.ts';
import { bakingIn, noDrillIn, notCompletedIn } from './promotion.ts';
import { gatherReports } from './reports.ts';
import { actorAt, signerAt } from './roles-at.ts';
import { newestAfter, rolledBackBefore } from './rolled-back-before.ts';
import { smokeTallyAt } from './smoke.ts';

/** Who can be asked about people; unset where nobody can. */
export interface PeopleQuestions {
  /** Why a person cannot take part any more; undefined where they can. */
  gone?(personId: string): Promise<Gone['why'] | undefined>;
  /** Which roles a person holds by Slack's own word of now, never by what was known before. */
  signer?(personId: string): Promise<Signer>;
}

interface FactsOptions {
  stores: Stores;
  clock: Pick<Clock, 'now'>;
  policy(): Policy;
  backends: Instances<DeployBackend>;
  ask: BackendQuestions;
  people: PeopleQuestions;
}

type Of<K extends Intent['kind']> = Extract<Intent, { kind: K }>;
type Known = Pick<Facts, 'now' | 'actor'>;
type Found = Partial<Facts>;

export function createFacts(options: FactsOptions): HandleContext['gatherFacts'] {
  const { stores, ask } = options;
  const { events } = stores;

  async function gatherFacts(
    { intent, actor: given }: Input,
    before: Deployment | undefined,
  ): Promise<Facts> {
    const now = options.clock.now();
    const known = { now, actor: actorAt(options.policy(), placeMeant(intent, before), given, now) };
    return {
      ...known,
      ...(await calendarOf(intent, before, now)),
      ...(await reportsOf(intent, before)),
      ...(await factsOf(intent, before, known, given)),
    };
  }

  async function factsOf(
    intent: Intent,
    before: Deployment | undefined,
    known: Known,
    given: Actor,
  ): Promise<Found> {
    switch (intent.kind) {
      case 'request':
        return ofRequest(intent, known);
      case 'revise':
        return ofTerms(intent, before, known);
      case 'take_back':
        return ofTakeBack(intent, known.now, given);
      case 'watch':
        return occupiedBy(await occupantAt(intent.terms.envelope));
      case 'override':
        return before === undefined ? {} : whetherTheyDeclare(before, known);
      case 'smoke_reported':
        return before === undefined || before.smoke?.tally !== undefined
          ? {}
          : { smokeTally: await smokeTallyAt(events, before) };
      case 'observed':
        if (before?.status === 'scheduled') return ofStart(before, known.now);
        return before === undefined ? {} : ofStranger(intent, before);
      default:
        return {};
    }
  }

  async function calendarOf(intent: Intent, before: Deployment | undefined, now: Instant): Promise<Found> {
    const place = placeInQuestion(intent, before);
    if (place === undefined) return {};
    const [calendar, baking, people] = await Promise.all([
      gatherCalendar(stores, options.policy(), place, now),
      bakingOf(intent, before),
      peopleAtTheStart(before, now),
    ]);
    return { calendar: { ...calendar, ...baking, ...people } };
  }

  /** Of what is asked for, and under the terms that were frozen with it. */
  async function bakingOf(intent: Intent, before: Deployment | undefined): Promise<Pick<Calendar, 'baking'>> {
    const asked = intent.kind === 'request' || intent.kind === 'revise' ? intent.terms : before?.terms;
    const bake = intent.kind === 'request' ? intent.terms.bake : before?.terms.bake;
    if (asked === undefined || bake === undefined) return {};
    return { baking: await bakingIn(events, bake, asked.envelope) };
  }

  async function reportsOf(intent: Intent, before: Deployment | undefined): Promise<Found> {
    if (!asksForReports(intent, before)) return {};
    const isAsked = intent.kind === 'request' || intent.kind === 'revise';
    const of = isAsked ? intent.terms.envelope : before?.terms.envelope;
    return of === undefined ? {} : gatherReports(stores, options.policy(), of);
  }

  /** Whoever is to be on call or said go is asked for again when it would start: they may have left since (WN-5, CH-7). */
  async function peopleAtTheStart(
    d: Deployment | undefined,
    now: Instant,
  ): Promise<Pick<Calendar, 'gone' | 'signers'>> {
    if (d?.status !== 'scheduled' || d.start.at === undefined || d.start.at > now) return {};
    const { gone, signer: signerNow } = options.people;
    const { id } = d.terms.details.onCall;
    const why = await gone?.(id);
    const asked = signerNow && (await Promise.all(signersOf(d).map(signerNow)));
    const signers = asked?.map((signer) => signerAt(options.policy(), placeOf(d), signer, now));
    return { gone: why === undefined ? [] : [{ id, why }], ...defined({ signers }) };
  }

  async function ofRequest(intent: Of<'request'>, known: Known): Promise<Found> {
    const { envelope } = intent.terms;
    return {
      ...(await ofTerms(intent, undefined, known)),
      ...occupiedBy(await occupantAt(envelope)),
      ...watchOnly(options.policy(), envelope.service),
    };
  }

  /** What those terms may ask for there, whether they are asked for first or revised. */
  async function ofTerms(
    intent: Of<'request'> | Of<'revise'>,
    before: Deployment | undefined,
    { now, actor }: Known,
  ): Promise<Found> {
    const policy = options.policy();
    const { envelope, drill } = intent.terms;
    const { adapters } = intent.kind === 'request' ? intent.terms : (before?.terms ?? {});
    return {
      ...defined({
        running: await ask.running(envelope),
        taken: adapters && options.backends.find(adapters.backend)?.adapter.steps,
        noDrill: drill === true ? noDrillIn(policy, envelope) : undefined,
        notCompletedIn: await notCompletedIn(events, policy, envelope),
        rolledBack: await rolledBackBefore(events, envelope),
      }),
      ...(adapters === undefined ? {} : await ask.planProblem({ adapters, envelope }, 'request')),
      strategies: strategiesFor(policy, envelope).map(({ id }) => id),
      ...admissionOf(policy, intent, actor, now),
    };
  }

  async function ofTakeBack(intent: Of<'take_back'>, now: Instant, given: Actor): Promise<Found> {
    const policy = options.policy();
    const of = await events.load(intent.of);
    if (of === undefined) return {};
    const { envelope } = of.terms;
    const [after, running] = await Promise.all([newestAfter(events, of), ask.running(envelope)]);
    return {
      actor: actorAt(policy, envelope, given, now),
      takeBack: { of, ...defined({ after }) },
      ...defined({ running, noDrill: noDrillIn(policy, envelope) }),
      ...watchOnly(policy, envelope.service),
    };
  }

  async function ofStart(d: Deployment, now: Instant): Promise<Found> {
    const { service, environment } = d.terms.envelope;
    const history = await events.judgeHistory({ service, environment });
    const [goingBack] = await events.inEnvironment(environment, [service], ['rolling_back']);
    const found = { history, ...occupiedBy(goingBack) };
    if (d.start.at === undefined || d.start.at > now) return found;
    return { ...found, ...(await ask.planProblem(d.terms, 'start')), ...(await leftAt(d)) };
  }

  async function leftAt({ terms }: Deployment): Promise<Pick<Facts, 'left'>> {
    const newest = await newestLeft(events, terms.envelope);
    return newest === undefined ? {} : { left: leftBy(newest) };
  }

  /** What has traffic there beside it may be the deployment after it, which is not behind anybody's back. */
  async function ofStranger({ observation }: Of<'observed'>, d: Deployment): Promise<Found> {
    if (strangerIn(d, observation) === undefined) return {};
    const occupant = await occupantAt(d.terms.envelope);
    return occupiedBy(occupant?.id === d.id ? undefined : occupant);
  }

  function whetherTheyDeclare(d: Deployment, { actor, now }: Known): Found {
    if (actor.kind !== 'person') return {};
    const who = { id: actor.person.id, roles: actor.roles };
    return { mayDeclare: mayDeclare(options.policy(), placeOf(d), who, now, d.terms.details.changeType) };
  }

  const occupantAt = ({ service, environment }: Place): Promise<Deployment | undefined> =>
    events.occupant(service, environment);

  return gatherFacts;
}

/** Whether this person may ask for this kind of change. */
function admissionOf(
  policy: Policy,
  { terms: { envelope, details } }: Of<'request'> | Of<'revise'>,
  actor: Actor,
  now: Instant,
): Pick<Facts, 'mayRequest' | 'notAdmitted'> {
  if (actor.kind !== 'person') return { mayRequest: false };
  const { service, environment } = envelope;
  const who = { id: actor.person.id, roles: actor.roles };
  const why = notAdmitted(policy, { ...details, service, environment }, who, now);
  return {
    mayRequest: mayAsk(policy, details.changeType, who),
    ...defined({ notAdmitted: why }),
  };
}

function placeOf({ terms: { envelope } }: Deployment): Place {
  const { service, environment } = envelope;
  return { service, environment };
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

/** Where the intent wants to know what stands in the way of a start. */
function placeInQuestion(
  intent: Intent,
  before: Deployment | undefined,
): (Place & { id?: string }) | undefined {
  if (intent.kind === 'request') return intent.terms.envelope;
  const asks = ['revise', 'override', 'wake', 'observed'].includes(intent.kind);
  return asks && before !== undefined && NOT_STARTED.has(before.status)
    ? { ...placeOf(before), id: before.id }
    : undefined;
}

/** Nothing is driven for a service that is only watched, whatever was asked for before it was. */
function watchOnly(policy: Policy, service: string): Pick<Facts, 'watchOnly'> {
  const own = policy.services.get(service);
  return own?.mode === 'watch' ? { watchOnly: { service, from: whereFrom(own) } } : {};
}

function occupiedBy(occupant: Deployment | undefined): Pick<Facts, 'occupiedBy'> {
  if (occupant === undefined) return {};
  const { id, terms } = occupant;
  return { occupiedBy: { id, version: terms.envelope.version, lead: terms.details.lead } };
}
