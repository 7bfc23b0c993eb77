/** What runs at a place: by what was carried out from here, and by the deployments that others wrote at GitHub since. */

import type { AdapterContext } from '../../adapters/kind.ts';
import { defined } from '../../defined.ts';
import type { Observation } from '../port.ts';
import type { Repository } from './calls.ts';
import type { Journal, Ordered } from './journal.ts';
import {
  type GithubDeployment,
  type GithubStatus,
  healthOf,
  runIn,
  type Said,
  type Seen,
  saidBy,
} from './seen.ts';
import { type ServiceSettings, versionOf } from './settings.ts';

export type Look = (problem: string | undefined, signal?: AbortSignal) => Promise<Observation>;

export function createLook(options: {
  id: string;
  service: ServiceSettings;
  /** Its name at GitHub. */
  environment: string;
  repository: Repository;
  journal: Journal;
  context: Pick<AdapterContext, 'clock'>;
}): Look {
  const { id, service, environment, repository, journal, context } = options;

  async function observationWith(problem: string | undefined, signal?: AbortSignal): Promise<Observation> {
    const ours = journal.lastSucceeded(id);
    const theirs = await read(ours, signal);
    const base = { at: context.clock.now() };
    if (ours === undefined || theirs?.said.kind === 'own' || theirs?.said.kind === 'version') {
      const seen = theirs?.said.kind === 'unknown' ? undefined : theirs?.said;
      return {
        ...base,
        ...(seen?.seen ?? NOTHING),
        health: theirs?.health ?? 'unknown',
        digests: seen?.digests ?? {},
        ...defined({ problem }),
      };
    }
    const { leaves, version, digest } = ours.order;
    const strange =
      theirs === undefined
        ? undefined
        : `${theirs.said.kind === 'unknown' ? theirs.said.by : 'somebody'} deployed to ${environment} in ${repository.name} after GoNoGo, and the deployment does not say which version`;
    const health = await healthOfOwn(ours, signal);
    return {
      ...base,
      ...leaves,
      health,
      digests: digestsFor(leaves, { [version]: digest }),
      ...defined({ problem: problem ?? strange }),
    };
  }

  async function healthOfOwn({ deployment }: Ordered, signal?: AbortSignal): Promise<Observation['health']> {
    // Where it could not be written there, the run itself ended well.
    if (deployment === undefined) return 'passing';
    const [status] = await repository.statuses(deployment, signal);
    return status === undefined || status.state === 'inactive' || status.state === 'in_progress'
      ? 'passing'
      : healthOf(status.state);
  }

  function digestsFor(leaves: Seen, known: Record<string, string>): Record<string, string> {
    for (const version of [leaves.stable, leaves.canary]) {
      if (version === null || Object.hasOwn(known, version)) continue;
      const digest = journal.release(id, version)?.digest;
      if (digest !== undefined) known[version] = digest;
    }
    return known;
  }

  /** The newest deployment at GitHub that is in force, and that this backend did not bring itself. */
  async function read(
    ours: Ordered | undefined,
    signal?: AbortSignal,
  ): Promise<{ said: Said; health: Observation['health'] } | undefined> {
    for (const deployment of await repository.deployments(environment, signal)) {
      if (ours?.deployment !== undefined && deployment.id <= ours.deployment) return undefined;
      const statuses = await repository.statuses(deployment.id, signal);
      const success = statuses.find(({ state }) => state === 'success');
      const [newest] = statuses;
      if (success === undefined || newest === undefined || newest.state === 'inactive') continue;
      const own = statuses
        .map((status) => journal.ofRun(runIn(status) ?? 0))
        .find((one) => one !== undefined);
      if (own !== undefined && !wasRunAgain(own, ours, { deployment, success })) continue;
      const said =
        own === undefined
          ? saidBy(deployment, success, (ref) => versionOf(service, ref))
          : again(own, success);
      if (ours !== undefined && ours.deployment === undefined && said.at <= ours.since) return undefined;
      if (said.kind === 'unknown' && ours === undefined) continue;
      return { said, health: healthOf(newest.state) };
    }
    return undefined;
  }

  /** A run of a command before the newest, whose jobs somebody has run again since: it brought its version once more. */
  function wasRunAgain(
    { place, ordered }: Owned,
    ours: Ordered | undefined,
    { deployment, success }: { deployment: GithubDeployment; success: GithubStatus },
  ): boolean {
    // What this backend writes itself it writes when it sees the end, which may be later.
    if (ours === undefined || place !== id || ordered.deployment === deployment.id) return false;
    return ordered.seq < ours.seq && Date.parse(success.created_at) > ours.since;
  }

  function again({ ordered: { order } }: Owned, { created_at }: GithubStatus): Said {
    const digests = { [order.version]: order.digest };
    const at = Date.parse(created_at);
    return { kind: 'version', seen: order.leaves, digests, at, by: 'somebody who ran it again' };
  }

  return observationWith;
}

type Owned = NonNullable<ReturnType<Journal['ofRun']>>;

const NOTHING: Seen = { stable: null, canary: null, standby: null, weight: 0 };
