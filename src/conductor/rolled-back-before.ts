/** Whether a version was rolled back at a place and has not been well there since (RB-8). */

import type { Deployment } from '../deployment/deployment.ts';
import type { Status } from '../deployment/lifecycle.ts';
import type { RolledBackBefore } from '../terms/comes-back.ts';
import type { Envelope } from '../terms/envelope.ts';
import type { EventStore } from './ports/event-store.ts';

/** What became of a version that had traffic. */
const HAD_TRAFFIC: readonly Status[] = ['rolling_back', 'rolled_back', 'failed', 'observing', 'handed_over'];

/** By its newest deployment there: one that stayed is no reason to ask. */
export async function rolledBackBefore(
  events: Pick<EventStore, 'list'>,
  { service, environment, version }: Pick<Envelope, 'service' | 'environment' | 'version'>,
): Promise<RolledBackBefore | undefined> {
  const [newest] = await events.list({ service, environment, version, statuses: HAD_TRAFFIC, limit: 1 });
  return newest && rollbackOf(newest);
}

function rollbackOf({ id, rollback, terms: { envelope } }: Deployment): RolledBackBefore | undefined {
  if (rollback === undefined) return undefined;
  const { startedAt: at, by, reason, why } = rollback;
  return { deployment: id, version: envelope.version, at, by, why: reason ?? why };
}
