/** What is asked before somebody gets what they ask for: a deployment, another one than they asked for, or the one before it back. */

import { defined } from '../../defined.ts';
import type { Deployment } from '../../deployment/deployment.ts';
import type { Actor, Facts } from '../../deployment/intents.ts';
import { mayAsk, mayDeclare, notAdmitted } from '../../policy/admission.ts';
import type { Policy } from '../../policy/policy.ts';
import { strategiesFor } from '../../policy/rollout.ts';
import { whereFrom } from '../../policy/watching.ts';
import type { Instant } from '../../time.ts';
import { noDrillIn, notCompletedIn } from '../promotion.ts';
import { actorAt } from '../roles-at.ts';
import { newestAfter, rolledBackBefore } from '../rolled-back-before.ts';
import type { FactsContext, Found, IntentOf, Known } from './context.ts';
import { occupantAt, occupiedBy, placeOf } from './place.ts';

export async function ofRequest(
  context: FactsContext,
  intent: IntentOf<'request'>,
  known: Known,
): Promise<Found> {
  const { envelope } = intent.terms;
  return {
    ...(await ofTerms(context, intent, undefined, known)),
    ...occupiedBy(await occupantAt(context, envelope)),
    ...watchOnly(context.policy(), envelope.service),
  };
}

/** What those terms may ask for there, whether they are asked for first or revised. */
export async function ofTerms(
  context: FactsContext,
  intent: IntentOf<'request'> | IntentOf<'revise'>,
  before: Deployment | undefined,
  { now, actor }: Known,
): Promise<Found> {
  const policy = context.policy();
  const { ask } = context;
  const { events } = context.stores;
  const { envelope, drill } = intent.terms;
  const { adapters } = intent.kind === 'request' ? intent.terms : (before?.terms ?? {});
  return {
    ...defined({
      running: await ask.running(envelope),
      taken: adapters && context.backends.find(adapters.backend)?.adapter.steps,
      noDrill: drill === true ? noDrillIn(policy, envelope) : undefined,
      notCompletedIn: await notCompletedIn(events, policy, envelope),
      rolledBack: await rolledBackBefore(events, envelope),
    }),
    ...(adapters === undefined ? {} : await ask.planProblem({ adapters, envelope }, 'request')),
    strategies: strategiesFor(policy, envelope).map(({ id }) => id),
    ...admissionOf(policy, intent, actor, now),
  };
}

export async function ofTakeBack(
  context: FactsContext,
  intent: IntentOf<'take_back'>,
  now: Instant,
  given: Actor,
): Promise<Found> {
  const policy = context.policy();
  const { ask } = context;
  const { events } = context.stores;
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

/** Whoever may declare an emergency may start it in spite of what stands in its way. */
export function whetherTheyDeclare({ policy }: FactsContext, d: Deployment, { actor, now }: Known): Found {
  if (actor.kind !== 'person') return {};
  const who = { id: actor.person.id, roles: actor.roles };
  return { mayDeclare: mayDeclare(policy(), placeOf(d), who, now, d.terms.details.changeType) };
}

/** Whether this person may ask for this kind of change. */
function admissionOf(
  policy: Policy,
  { terms: { envelope, details } }: IntentOf<'request'> | IntentOf<'revise'>,
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

/** Nothing is driven for a service that is only watched, whatever was asked for before it was. */
function watchOnly(policy: Policy, service: string): Pick<Facts, 'watchOnly'> {
  const own = policy.services.get(service);
  return own?.mode === 'watch' ? { watchOnly: { service, from: whereFrom(own) } } : {};
}
