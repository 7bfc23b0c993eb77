/** What a version is built from where no artifact is registered: what a deployment brought, or its backend lists. */

import type { DeployBackend } from '../backends/port.ts';
import { within } from '../conductor/deadline.ts';
import { listEvery } from '../conductor/every.ts';
import type { EventStore } from '../conductor/ports/event-store.ts';
import { STATUSES } from '../deployment/lifecycle.ts';
import type { Log } from '../log.ts';
import type { Build } from '../policy/gates.ts';
import type { Policy } from '../policy/policy.ts';
import { type Duration, SECOND } from '../time.ts';

/** CI waits for the answer. */
const BACKEND_ANSWERS_WITHIN: Duration = 5 * SECOND;

export interface KnownReleaseOptions {
  policy(): Policy;
  events: Pick<EventStore, 'list'>;
  backendFor(service: string): DeployBackend;
  log: Log;
}

/** None where nobody knows it; undefined where no deployment brought it and not every backend could be asked. */
export function createKnownRelease({
  policy,
  events,
  backendFor,
  log,
}: KnownReleaseOptions): (service: string, version: string) => Promise<Build[] | undefined> {
  return async (service, version) => {
    // With a status an index ends at it; without one, the service's whole history would be read.
    const brought = await listEvery(events, { service, version, statuses: STATUSES });
    if (brought.length > 0) return distinct(brought.map(({ terms: { envelope } }) => buildOf(envelope)));
    const environments = policy().services.get(service)?.environments ?? [];
    const asked = await Promise.allSettled(
      environments.map(async (environment) => {
        const releases = await within(BACKEND_ANSWERS_WITHIN, 'the backend', (signal) =>
          backendFor(service).versions({ service, environment }, signal),
        );
        return releases.filter((release) => release.version === version).map(buildOf);
      }),
    );
    const listed = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (listed.length > 0) return distinct(listed);
    const silent = asked.find((answer) => answer.status === 'rejected');
    if (silent === undefined) return [];
    log.warn({ err: silent.reason, service, version }, 'the backend could not be asked for its versions');
    return undefined;
  };
}

function buildOf({ sha, digest }: Build): Build {
  return { sha, digest };
}

function distinct(builds: readonly Build[]): Build[] {
  return [...new Map(builds.map((build) => [`${build.sha} ${build.digest}`, build])).values()];
}
