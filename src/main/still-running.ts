/** Where else a version runs, by the record: whoever reads that it was rolled back asks that next. */

import type { EventStore } from '../conductor/ports/event-store.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Status } from '../deployment/lifecycle.ts';

const RUNS: Status[] = ['observing', 'handed_over'];
const MAX_LISTED = 50;

/** Environments whose last completed deployment of the service is of this version. */
export async function stillRunningIn(
  events: Pick<EventStore, 'list'>,
  { terms }: Pick<Deployment, 'terms'>,
): Promise<string[]> {
  const { service, environment, version } = terms.envelope;
  const same = await events.list({ service, version, statuses: RUNS, limit: MAX_LISTED });
  const others = new Set(same.map((d) => d.terms.envelope.environment).filter((one) => one !== environment));
  const last = await Promise.all(
    [...others].map((one) => events.list({ service, environment: one, statuses: RUNS, limit: 1 })),
  );
  return last
    .flat()
    .flatMap((d) => (d.terms.envelope.version === version ? [d.terms.envelope.environment] : []));
}
