/** The way up the environments: which one a version has left out (GT-8). */

import { defined } from '../defined.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { wentBackAsDrill } from '../deployment/drill/drill.ts';
import { COMPLETE } from '../deployment/lifecycle.ts';
import { bakingOf } from '../deployment/promotion/baking.ts';
import type { Policy } from '../policy/policy.ts';
import { bakeFor, environmentsBefore } from '../policy/promotion.ts';
import { type Bake, type Baking, bakedAt } from '../terms/bake.ts';
import type { CameFrom } from '../terms/before.ts';
import type { Envelope } from '../terms/envelope.ts';
import type { Instant } from '../time.ts';
import { every } from './every.ts';
import type { EventStore } from './ports/event-store.ts';
import { HAD_TRAFFIC, rolledBackBefore } from './rolled-back-before.ts';

type Wanted = Pick<Envelope, 'service' | 'environment' | 'version' | 'digest'>;

/** The environment right before the wanted one, where this build never completed in it; undefined where all is well. */
export async function notCompletedIn(
  events: Pick<EventStore, 'list'>,
  policy: Policy,
  wanted: Wanted,
): Promise<string | undefined> {
  if (policy.promotion === 'any_order') return undefined;
  const before = environmentBefore(policy, wanted);
  if (before === undefined) return undefined;
  return (await completedBefore(events, policy, wanted)) === undefined ? before : undefined;
}

/** The deployment that brought this very build to its end in the environment right before the wanted one. */
export async function completedBefore(
  events: Pick<EventStore, 'list'>,
  policy: Policy,
  wanted: Wanted,
): Promise<Deployment | undefined> {
  const environment = environmentBefore(policy, wanted);
  if (environment === undefined) return undefined;
  const { service, version, digest } = wanted;
  for await (const completed of every(events, { service, environment, version, statuses: [...COMPLETE] })) {
    if (completed.terms.envelope.digest !== digest) continue;
    // What was handed over and taken back later is complete in the record, and yet not there.
    const back = await rolledBackBefore(events, { service, environment, version });
    return back === undefined ? completed : undefined;
  }
  return undefined;
}

/** How far a version has come on its way up; undefined where no environment comes before. */
export async function cameFrom(
  events: Pick<EventStore, 'list'>,
  policy: Policy,
  wanted: Wanted,
  now: Instant,
): Promise<CameFrom | undefined> {
  const environment = environmentBefore(policy, wanted);
  if (environment === undefined) return undefined;
  const completed = await completedBefore(events, policy, wanted);
  const since = completed?.rollout?.completedAt;
  return {
    environment,
    isRequired: policy.promotion !== 'any_order',
    ...defined({ since }),
    ...(since === undefined ? {} : await bakes(events, bakeFor(policy, wanted), wanted, now)),
  };
}

async function bakes(
  events: Pick<EventStore, 'list'>,
  bake: Bake | undefined,
  wanted: Wanted,
  now: Instant,
): Promise<Pick<CameFrom, 'bakesUntil' | 'stops'>> {
  if (bake === undefined) return {};
  const baking = await bakingIn(events, bake, wanted);
  if ('stops' in baking) return { stops: baking.stops };
  const until = bakedAt(bake, baking);
  return until === undefined || until <= now ? {} : { bakesUntil: until };
}

/** How this very build does where it bakes; whichever was built last, where no digest is known. */
export async function bakingIn(
  events: Pick<EventStore, 'list'>,
  bake: Bake,
  { service, version, digest }: Pick<Wanted, 'service' | 'version'> & { digest?: string },
): Promise<Baking> {
  const place = { service, environment: bake.environment, statuses: HAD_TRAFFIC };
  const own = await newestOf(events, { ...place, version }, digest);
  const after: Deployment[] = [];
  if (own === undefined) return bakingOf(bake, version, own, after);
  for await (const one of every(events, place)) {
    if (one.id === own.id) break;
    after.unshift(one);
  }
  return bakingOf(bake, version, own, after);
}

async function newestOf(
  events: Pick<EventStore, 'list'>,
  filter: Parameters<typeof every>[1],
  digest: string | undefined,
): Promise<Deployment | undefined> {
  for await (const one of every(events, filter)) {
    const isIt = digest === undefined || one.terms.envelope.digest === digest;
    if (isIt && !wentBackAsDrill(one)) return one;
  }
  return undefined;
}

/** Since when a version is complete at a place, where GoNoGo brought it there. */
export async function completeSince(
  events: Pick<EventStore, 'list'>,
  place: Omit<Wanted, 'digest'>,
): Promise<Instant | undefined> {
  const [newest] = await events.list({ ...place, statuses: [...COMPLETE], limit: 1 });
  return newest?.rollout?.completedAt;
}

type Place = Pick<Wanted, 'service' | 'environment'>;

function environmentBefore(policy: Policy, place: Place): string | undefined {
  return environmentsBefore(policy, place).at(-1);
}

/** Why the way back is not rehearsed at a place: where it counts, it is not a rehearsal (RB-5). */
export function noDrillIn(policy: Policy, { service, environment }: Place): string | undefined {
  const order = policy.services.get(service)?.environments ?? [];
  const before = order.slice(0, -1);
  if (before.includes(environment)) return undefined;
  return before.length === 0
    ? `${service} is deployed to ${environment} alone: there is nowhere to rehearse its rollback.`
    : `The rollback is not rehearsed in ${environment}. Drill it in ${before.join(' or ')}.`;
}
