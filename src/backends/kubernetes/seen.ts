/** What a Deployment looks like now. Pure readings of it. */

import { defined } from '../../defined.ts';
import type { Observation, Release } from '../port.ts';
import { type Arm, armsOf, digestsByVersion, healthOf, ofSet } from './arms.ts';
import { type ImageSettings, versionOf } from './image.ts';
import type { Order } from './journal.ts';
import type { Deployment, Pod, ReplicaSet } from './objects.ts';
import { hopeless, troubleOf } from './pods.ts';
import { revisionOf } from './revision.ts';

export interface Looked {
  deployment: Deployment;
  /** Its own alone. */
  replicaSets: readonly ReplicaSet[];
  /** Of those; empty where nothing needs them. */
  pods: readonly Pod[];
  releases: readonly Release[];
}

function isObserved({ metadata, status }: Deployment): boolean {
  return status.observedGeneration >= metadata.generation;
}

/** `kubectl rollout status` says the same: seen by the controller, and updated = available = all. */
function isCounted({ spec, status }: Deployment): boolean {
  return (
    status.updatedReplicas === spec.replicas &&
    status.replicas === status.updatedReplicas &&
    status.availableReplicas === status.updatedReplicas
  );
}

/** Also where a pod broke down after it had been rolled out: the controller remembers that it was. */
function isRolledOut(deployment: Deployment): boolean {
  if (!isObserved(deployment)) return false;
  if (isCounted(deployment)) return true;
  const { status } = deployment;
  const once = status.conditions.some(
    ({ type, reason }) => type === 'Progressing' && reason === 'NewReplicaSetAvailable',
  );
  return once && status.replicas === status.updatedReplicas && status.updatedReplicas > 0;
}

export function observationOf(
  looked: Looked,
  settings: ImageSettings,
  order: Order | undefined,
): Omit<Observation, 'at'> {
  const { deployment, replicaSets, pods, releases } = looked;
  const arms = armsOf(replicaSets, pods, settings, releases);
  const wanted = versionOf(deployment.spec.template, settings, releases) ?? null;
  const rolledOut = isRolledOut(deployment);
  const split = rolledOut ? settled(deployment, wanted) : underWay(arms, wanted, order);
  const newest = split.weight > 0 ? split.canary : split.stable;
  const sets = replicaSets.filter((set) => versionOf(set.spec.template, settings, releases) === newest);
  const problem = problemOf(looked, rolledOut);
  return {
    ...split,
    standby: null,
    health: healthOf(
      arms.find(({ version }) => version === newest),
      sets.flatMap((set) => ofSet(set, pods)),
      rolledOut,
    ),
    digests: digestsByVersion(arms),
    ...defined({ problem }),
  };
}

type Split = Pick<Observation, 'stable' | 'canary' | 'weight'>;

function settled({ status }: Deployment, wanted: string | null): Split {
  return { stable: status.replicas === 0 ? null : wanted, canary: null, weight: 0 };
}

/** A Service spreads requests over the pods that are ready: their share is the share of the traffic. */
function underWay(arms: readonly Arm[], wanted: string | null, order: Order | undefined): Split {
  const all = arms.reduce((sum, { ready }) => sum + ready, 0);
  const others = arms.filter(({ version }) => version !== wanted).sort((a, b) => b.ready - a.ready);
  const other = all === 0 ? others.sort((a, b) => b.pods - a.pods)[0] : others.find(({ ready }) => ready > 0);
  const mine = arms.find(({ version }) => version === wanted);
  const isBack = order?.kind === 'back' && order.version === wanted;
  // On the way back the version that leaves is still the one on trial.
  const [stable, canary] = isBack && other !== undefined ? [mine, other] : [other, mine];
  const weight = all === 0 || canary === undefined ? 0 : Math.round((100 * canary.ready) / all);
  if (canary === undefined || canary.ready === 0)
    return { stable: stable?.version ?? null, canary: null, weight: 0 };
  return { stable: stable?.version ?? null, canary: canary.version, weight };
}

function problemOf({ deployment, replicaSets, pods }: Looked, rolledOut: boolean): string | undefined {
  const { metadata, spec, status } = deployment;
  const named = `the Deployment ${metadata.name}`;
  if (metadata.deletionTimestamp !== undefined) return `${named} is being deleted`;
  if (rolledOut) return undefined;
  if (spec.paused) return `${named} is paused: "kubectl rollout resume" lets it go on`;
  if (!isObserved(deployment)) return undefined;
  const newest = replicaSets.find((set) => revisionOf(set) === revisionOf(deployment));
  const mine = newest === undefined ? [] : ofSet(newest, pods);
  const trouble = troubleOf(mine);
  const counted = `${status.availableReplicas} of ${spec.replicas} pods available`;
  const late = status.conditions.find(({ reason }) => reason === 'ProgressDeadlineExceeded');
  if (late !== undefined) {
    return [`${named} is stuck (ProgressDeadlineExceeded), ${counted}`, trouble ?? late.message].join(': ');
  }
  const failed = status.conditions.find(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True');
  if (failed !== undefined && status.updatedReplicas < spec.replicas) {
    return `${named} cannot make its pods: ${failed.message || failed.reason}`;
  }
  return hopeless(mine).length > 0 ? `the new pods do not start: ${trouble}` : undefined;
}
