/** What the record believes runs at a place: what the newest deployment there left, whoever conducted it. */

import type { Target } from '../backends/port.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Status } from '../deployment/lifecycle.ts';
import type { EventStore } from './ports/event-store.ts';

/** What had traffic there, whoever conducted it. */
const HAD_TRAFFIC: readonly Status[] = [
  'observing',
  'handed_over',
  'rolled_back',
  'failed',
  'watched_only',
  'watch_over',
];

export async function newestLeft(
  events: Pick<EventStore, 'list'>,
  { service, environment }: Target,
): Promise<Deployment | undefined> {
  const [newest] = await events.list({ service, environment, statuses: HAD_TRAFFIC, limit: 1 });
  return newest;
}

/** What runs after a deployment, as far as the record knows. */
export function leftBy({ status, previous, rollback, rollout, terms }: Deployment): string | null {
  const isOldThere = ['went_back', 'failed', 'stood_still'].includes(rollout?.reported?.ended ?? '');
  if (status === 'rolled_back') return rollback?.to ?? null;
  return isOldThere ? previous : terms.envelope.version;
}

/** Of the environments, those that run a version now, by the record. */
export async function environmentsWith(
  events: Pick<EventStore, 'list'>,
  { service, version }: { service: string; version: string },
  environments: readonly string[],
): Promise<string[]> {
  const newest = await Promise.all(
    environments.map((environment) => newestLeft(events, { service, environment })),
  );
  return environments.filter((_, index) => {
    const there = newest[index];
    return there !== undefined && leftBy(there) === version;
  });
}
