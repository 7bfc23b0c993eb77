/** The way up the environments: which one a version has left out (GT-8). */

import type { Envelope } from '../deployment/deployment.ts';
import type { Status } from '../deployment/lifecycle.ts';
import type { Policy } from '../policy/policy.ts';
import type { EventStore } from './ports.ts';

/** What came to its end there and stayed: not what was taken back. */
const COMPLETE: readonly Status[] = ['observing', 'handed_over'];

/** The environment right before the wanted one, where this version never completed in it; undefined where all is well. */
export async function notCompletedIn(
  events: Pick<EventStore, 'list'>,
  policy: Policy,
  { service, environment, version }: Pick<Envelope, 'service' | 'environment' | 'version'>,
): Promise<string | undefined> {
  if (policy.promotion === 'any_order') return undefined;
  const order = policy.services.get(service)?.environments ?? [];
  const before = order[order.indexOf(environment) - 1];
  if (before === undefined) return undefined;
  const place = { service, environment: before, version, statuses: COMPLETE, limit: 1 };
  return (await events.list(place)).length === 0 ? before : undefined;
}
