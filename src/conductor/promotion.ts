/** The way up the environments: which one a version has left out (GT-8). */

import { defined } from '../defined.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Status } from '../deployment/lifecycle.ts';
import type { Policy } from '../policy/policy.ts';
import type { CameFrom } from '../terms/before.ts';
import type { Envelope } from '../terms/envelope.ts';
import type { Instant } from '../time.ts';
import { every } from './every.ts';
import type { EventStore } from './ports/event-store.ts';

/** What came to its end there and stayed: not what was taken back. */
const COMPLETE: readonly Status[] = ['observing', 'handed_over'];

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
  for await (const completed of every(events, { service, environment, version, statuses: COMPLETE })) {
    if (completed.terms.envelope.digest === digest) return completed;
  }
  return undefined;
}

/** How far a version has come on its way up; undefined where no environment comes before. */
export async function cameFrom(
  events: Pick<EventStore, 'list'>,
  policy: Policy,
  wanted: Wanted,
): Promise<CameFrom | undefined> {
  const environment = environmentBefore(policy, wanted);
  if (environment === undefined) return undefined;
  const completed = await completedBefore(events, policy, wanted);
  const since = completed?.rollout?.completedAt;
  return { environment, isRequired: policy.promotion !== 'any_order', ...defined({ since }) };
}

/** Since when a version is complete at a place, where GoNoGo brought it there. */
export async function completeSince(
  events: Pick<EventStore, 'list'>,
  place: Omit<Wanted, 'digest'>,
): Promise<Instant | undefined> {
  const [newest] = await events.list({ ...place, statuses: COMPLETE, limit: 1 });
  return newest?.rollout?.completedAt;
}

type Place = Pick<Wanted, 'service' | 'environment'>;

/** Those that a version goes through before it gets there. */
export function environmentsBefore(policy: Policy, { service, environment }: Place): string[] {
  const order = policy.services.get(service)?.environments ?? [];
  const at = order.indexOf(environment);
  return at < 0 ? [] : order.slice(0, at);
}

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
