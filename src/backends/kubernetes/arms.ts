/** The versions of a workload as its ReplicaSets have them: how many pods, how many of them ready, which digest. Pure. */

import type { Observation, Release } from '../port.ts';
import { digestIn, type ImageSettings, imageOf, versionOf } from './image.ts';
import type { Pod, ReplicaSet } from './objects.ts';
import { digestOf, isFailing, isReady } from './pods.ts';

export const HASH = 'pod-template-hash';

export interface Arm {
  version: string;
  pods: number;
  ready: number;
  digests: Set<string>;
}

export function hashOf({ metadata }: ReplicaSet, label = HASH): string {
  return metadata.labels[label] ?? '';
}

/** One per version, whatever its ReplicaSets. */
export function armsOf(
  replicaSets: readonly ReplicaSet[],
  pods: readonly Pod[],
  settings: ImageSettings,
  releases: readonly Release[],
): Arm[] {
  const arms = new Map<string, Arm>();
  for (const set of replicaSets) {
    if (set.status.replicas === 0) continue;
    const version = versionOf(set.spec.template, settings, releases);
    if (version === undefined) continue;
    const arm = arms.get(version) ?? { version, pods: 0, ready: 0, digests: new Set() };
    arm.pods += set.status.replicas;
    arm.ready += set.status.readyReplicas;
    for (const digest of digestsOf(set, pods, settings)) arm.digests.add(digest);
    arms.set(version, arm);
  }
  return [...arms.values()];
}

/** What its pods run; as long as it has none, what they would run. */
function digestsOf(set: ReplicaSet, pods: readonly Pod[], settings: ImageSettings): string[] {
  const [first = ''] = settings.containers;
  const mine = ofSet(set, pods);
  const asked = digestIn(imageOf(set.spec.template, settings) ?? '');
  if (mine.length === 0) return asked === undefined ? [] : [asked];
  return mine.flatMap((pod) => digestOf(pod, first) ?? []);
}

export function ofSet(set: ReplicaSet, pods: readonly Pod[]): Pod[] {
  return pods.filter(({ metadata }) => metadata.ownerReferences.some(({ uid }) => uid === set.metadata.uid));
}

/** Digest by version; a version that runs with two is told with both, so that it equals neither. */
export function digestsByVersion(arms: readonly Arm[]): Record<string, string> {
  return Object.fromEntries(
    arms.flatMap(({ version, digests }) =>
      digests.size === 0 ? [] : [[version, [...digests].sort().join(' and ')]],
    ),
  );
}

/** More than half of its pods must be ready; `isSettled`: what is not ready now does not only begin. */
export function healthOf(
  arm: Arm | undefined,
  pods: readonly Pod[],
  isSettled: boolean,
): Observation['health'] {
  if (arm === undefined || arm.pods === 0) return 'unknown';
  if (arm.ready * 2 > arm.pods) return 'passing';
  const broken = pods.filter((pod) => !isReady(pod) && isFailing(pod)).length;
  return isSettled || (broken > 0 && broken * 2 >= arm.pods) ? 'failing' : 'unknown';
}
