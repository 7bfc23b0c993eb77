/** What a Rollout looks like now. Pure readings of it. */

import { defined } from '../../defined.ts';
import { type Arm, armsOf, digestsByVersion, hashOf, healthOf, ofSet } from '../kubernetes/arms.ts';
import { versionOf } from '../kubernetes/image.ts';
import type { Pod, ReplicaSet } from '../kubernetes/objects.ts';
import { hopeless, troubleOf } from '../kubernetes/pods.ts';
import type { Observation } from '../port.ts';
import { isClose } from './basic-canary.ts';
import { type Situation, versionAt } from './next.ts';
import { HASH, isAtPause, isObserved, isPromoted, type Rollout } from './rollout.ts';
import { stopAt, stopsOf } from './stops.ts';

export interface Looked extends Situation {
  /** Of its ReplicaSets. */
  pods: readonly Pod[];
  /** What was ordered last and accepted. */
  ordered?: 'forward' | 'back';
}

type Split = Pick<Observation, 'stable' | 'canary' | 'weight'>;

export function observationOf(looked: Looked): Omit<Observation, 'at'> {
  const { rollout, replicaSets, pods, settings, releases } = looked;
  const arms = armsOf(replicaSets, pods, settings, releases);
  const split = splitOf(looked, arms);
  const newest = split.weight > 0 ? split.canary : split.stable;
  const sets = replicaSets.filter((set) => versionOf(set.spec.template, settings, releases) === newest);
  return {
    ...split,
    standby: standbyOf(looked, split),
    health: healthOf(
      arms.find(({ version }) => version === newest),
      sets.flatMap((set) => ofSet(set, pods)),
      isAtPause(rollout) || isPromoted(rollout),
    ),
    digests: digestsByVersion(arms),
    ...defined({ problem: problemOf(looked) }),
  };
}

function splitOf(looked: Looked, arms: readonly Arm[]): Split {
  const { rollout } = looked;
  const { canary, blueGreen } = rollout.spec.strategy;
  if (arms.every(({ pods }) => pods === 0)) return { stable: null, canary: null, weight: 0 };
  if (blueGreen != null)
    return {
      stable: versionAt(rollout.status.blueGreen.activeSelector, looked) ?? null,
      canary: null,
      weight: 0,
    };
  return canary?.trafficRouting === undefined ? byPods(looked, arms) : routed(looked);
}

/** Whatever routes the traffic was told this; `verified: false` where it has not followed yet. */
function routed(looked: Looked): Split {
  const { rollout } = looked;
  const { weights } = rollout.status.canary;
  const stable = versionAt(weights?.stable.podTemplateHash || rollout.status.stableRS, looked) ?? null;
  const canary = versionAt(weights?.canary.podTemplateHash ?? '', looked) ?? null;
  const most = rollout.spec.strategy.canary?.trafficRouting?.maxTrafficWeight ?? 100;
  const told = (100 * (weights?.canary.weight ?? 0)) / most;
  const weight = weights?.verified === false ? shareBefore(rollout) : told;
  if (canary === null || canary === stable || weight === 0) return { stable, canary: null, weight: 0 };
  return { stable, canary, weight };
}

function shareBefore(rollout: Rollout): number {
  const stops = stopsOf(rollout);
  const here = stopAt(stops, rollout.status.currentStepIndex ?? 0);
  const before = here === undefined ? stops.length - 1 : stops.indexOf(here) - 1;
  return stops[before]?.percent ?? 0;
}

/** A Service spreads requests over the pods that are ready: their share is the share of the traffic. */
function byPods(looked: Looked, arms: readonly Arm[]): Split {
  const { status } = looked.rollout;
  const current = versionAt(status.currentPodHash, looked) ?? null;
  const stable = versionAt(status.stableRS, looked) ?? null;
  const all = arms.reduce((sum, { ready }) => sum + ready, 0);
  const others = arms.filter(({ version, ready }) => version !== stable && ready > 0);
  // What it comes from may still be there while it goes back.
  const other = others.find(({ version }) => version === current) ?? others[0];
  if (other === undefined) return { stable, canary: null, weight: 0 };
  return { stable, canary: other.version, weight: named(looked.rollout, (100 * other.ready) / all) };
}

/** At a stop its share is called what was asked, where so many pods come close to it. */
function named(rollout: Rollout, real: number): number {
  const index = rollout.status.currentStepIndex ?? 0;
  const stop = isPromoted(rollout) ? undefined : stopAt(stopsOf(rollout), index);
  const isThere = stop !== undefined && index > stop.sets && isClose(stop.percent, real);
  return isThere ? stop.percent : Math.round(real);
}

/** Whole, and without traffic: green before it is switched to, blue as long as Argo Rollouts keeps it. */
function standbyOf(looked: Looked, { stable, canary }: Split): string | null {
  const { rollout, replicaSets, settings, releases } = looked;
  const { canary: shares, blueGreen } = rollout.spec.strategy;
  // Whatever pod is ready has traffic there.
  if (shares != null && shares.trafficRouting === undefined) return null;
  const { replicas } = rollout.spec;
  const isWhole = (set: ReplicaSet): boolean => {
    const isCurrent = hashOf(set, HASH) === rollout.status.currentPodHash;
    const wanted = isCurrent ? (blueGreen?.previewReplicaCount ?? replicas) : replicas;
    return set.status.readyReplicas > 0 && set.status.readyReplicas >= wanted;
  };
  const versions = replicaSets
    .filter(isWhole)
    .map((set) => versionOf(set.spec.template, settings, releases) ?? null);
  return versions.find((version) => version !== null && version !== stable && version !== canary) ?? null;
}

function problemOf({ rollout, replicaSets, pods, ordered }: Looked): string | undefined {
  const { metadata, spec, status } = rollout;
  const named = `the Rollout ${metadata.name}`;
  if (metadata.deletionTimestamp !== undefined) return `${named} is being deleted`;
  const told = (what: string): string =>
    status.conditions.find(({ type, reason }) => type === what || reason === what)?.message ?? '';
  const isInvalid = status.conditions.some(({ type, status: is }) => type === 'InvalidSpec' && is === 'True');
  if (isInvalid) return `${named} is invalid to Argo Rollouts: ${told('InvalidSpec')}`;
  if (spec.paused) {
    return `${named} is paused by hand: "kubectl argo rollouts promote ${metadata.name}" lets it go on`;
  }
  if (!isObserved(rollout)) return undefined;
  // On the way back it is as it should be, and before a new order it says nothing about that.
  if (status.abort && ordered !== 'forward') return undefined;
  if (status.abort) return withWhy(`${named} was aborted`, told('RolloutAborted') || status.message);
  if (isPromoted(rollout)) return undefined;
  const inconclusive = status.pauseConditions.find(({ reason }) => reason.startsWith('Inconclusive'));
  if (inconclusive !== undefined) return `${named} is paused: ${inconclusive.reason}`;
  const current = replicaSets.find((set) => hashOf(set, HASH) === status.currentPodHash);
  const mine = current === undefined ? [] : ofSet(current, pods);
  const trouble = troubleOf(mine);
  const late = status.conditions.find(({ reason }) => reason === 'ProgressDeadlineExceeded');
  if (late !== undefined) {
    return withWhy(`${named} is stuck (ProgressDeadlineExceeded)`, trouble ?? late.message);
  }
  const failed = status.conditions.find(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True');
  if (failed !== undefined) return `${named} cannot make its pods: ${failed.message || failed.reason}`;
  return hopeless(mine).length > 0 ? `the new pods do not start: ${trouble}` : undefined;
}

function withWhy(what: string, why: string): string {
  return why === '' ? what : `${what}: ${why}`;
}
