/**
 * What has to be told to a Rollout next, so that it comes to be as ordered. Pure: each answer is one request, after which
 * the Rollout is read again, so whoever was interrupted goes on from what is there.
 */

import { type ImageSettings, imageOperations, versionOf } from '../kubernetes/image.ts';
import type { ReplicaSet } from '../kubernetes/objects.ts';
import { type Changes, replicasBack, takenOut } from '../kubernetes/template.ts';
import { BackendError, type Change, type Release } from '../port.ts';
import { HASH, isAtPause, isObserved, isPromoted, isUnpausing, type Rollout } from './rollout.ts';
import { atShares, type Stop, stepsProblem, stopsOf, worksByItself } from './stops.ts';

export type Order =
  /** To the stop with this share; 0 stands it up without traffic. */
  | { kind: 'share'; percent: number; change: Change }
  | { kind: 'all'; change: Change }
  /** `template`: of the version that it goes back to. */
  | { kind: 'back'; change: Change; to: string | null; template: Changes };

export interface Situation {
  rollout: Rollout;
  /** Its own alone. */
  replicaSets: readonly ReplicaSet[];
  settings: ImageSettings;
  releases: readonly Release[];
}

export type Action =
  | { kind: 'none' }
  /** Through the main path, which drops whatever is said about the status. */
  | ({ kind: 'patch' } & Changes)
  /** Through `/status`, where the commands of Argo Rollouts are. */
  | { kind: 'status'; status: Readonly<Record<string, unknown>> }
  /** Until Argo Rollouts has done its part. */
  | { kind: 'wait'; until: (rollout: Rollout) => boolean; for: string };

const NONE: Action = { kind: 'none' };
const GO_ON: Action = { kind: 'status', status: { pauseConditions: null } };
const GO_ON_TO_THE_END: Action = { kind: 'status', status: { promoteFull: true } };
const TRY_AGAIN: Action = { kind: 'status', status: { abort: false } };
/** Else it would be about what ran before: it is answered with success, and changes nothing. */
const SEEN: Action = { kind: 'wait', until: isObserved, for: 'to see the new template (observedGeneration)' };

export function nextFor(order: Order, situation: Situation): Action {
  switch (order.kind) {
    case 'share':
      return toShare(order.percent, order.change, situation);
    case 'all':
      return toAll(order.change, situation);
    case 'back':
      return order.to === null
        ? toNothing(order.change, situation)
        : goingBack(order.to, order.template, situation);
  }
}

function toShare(percent: number, change: Change, situation: Situation): Action {
  const { rollout } = situation;
  const { status, spec } = rollout;
  const stops = stopsOf(rollout);
  const stop = stops.find((one) => one.percent === percent);
  const problem = stepsProblem(rollout) ?? (stop === undefined ? noStop(percent, stops, rollout) : undefined);
  if (stop === undefined || problem !== undefined) throw refused(problem ?? '');
  refusePaused(rollout);
  if (!runs(change, situation)) {
    if (spec.replicas === 0 || status.stableRS === '')
      throw refused(`${nameOf(rollout)} runs nothing beside it`);
    return { kind: 'patch', ...imageTo(change, situation) };
  }
  // It begins with its first stop by itself.
  if (!isObserved(rollout)) return stop === stops[0] ? NONE : SEEN;
  if (status.abort) return TRY_AGAIN;
  if (isPromoted(rollout))
    throw refused(`${change.version} is what ${nameOf(rollout)} calls stable: it cannot have ${percent} %`);
  return spec.strategy.blueGreen != null ? NONE : toStop(stop, rollout);
}

function toStop(stop: Stop, rollout: Rollout): Action {
  const { status, spec } = rollout;
  const index = status.currentStepIndex ?? 0;
  if (index >= stop.first && index <= stop.pause) return NONE;
  refuseInconclusive(rollout);
  refuseWhileWorking(rollout, index);
  const here = spec.strategy.canary?.steps[index];
  const isNext = here?.pause !== undefined && stop.first === index + 1;
  if (isNext && isUnpausing(rollout)) return NONE;
  return isNext && isAtPause(rollout) ? GO_ON : jump(stop.first);
}

/** Never onto a pause: together with the cleared conditions it would be taken for one that somebody has ended. */
function jump(step: number): Action {
  return { kind: 'status', status: { pauseConditions: null, currentStepIndex: step } };
}

function toAll(change: Change, situation: Situation): Action {
  const { rollout } = situation;
  const { status, spec } = rollout;
  refusePaused(rollout);
  if (!runs(change, situation)) return { kind: 'patch', ...imageTo(change, situation) };
  if (!isObserved(rollout)) return SEEN;
  if (status.abort) return TRY_AGAIN;
  const again = replicasBack(rollout);
  if (isPromoted(rollout)) return again.operations.length > 0 ? { kind: 'patch', ...again } : NONE;
  // With its pods it would get back what was taken out, not what comes.
  if (status.promoteFull) return again.operations.length > 0 ? PROMOTED : NONE;
  refuseInconclusive(rollout);
  if (spec.strategy.blueGreen != null) return isAtPause(rollout) ? GO_ON : switched(rollout);
  return (spec.strategy.canary?.steps ?? []).length === 0 ? NONE : toTheEnd(rollout);
}

/** From its last stop as from any other; from before that past all of them. */
function toTheEnd(rollout: Rollout): Action {
  const index = rollout.status.currentStepIndex ?? 0;
  const last = stopsOf(rollout).at(-1);
  if (last === undefined || index < last.first) return GO_ON_TO_THE_END;
  if (index > last.pause) return NONE;
  refuseWhileWorking(rollout, index);
  if (index < last.pause) return jump(last.pause + 1);
  if (isUnpausing(rollout)) return NONE;
  return isAtPause(rollout) ? GO_ON : jump(last.pause + 1);
}

/** Past its end is past what it may find. */
function refuseWhileWorking(rollout: Rollout, index: number): void {
  const here = rollout.spec.strategy.canary?.steps[index];
  const work = here && worksByItself(here);
  if (work === undefined) return;
  throw new BackendError(`the ${work} of ${nameOf(rollout)} in step ${index + 1} still runs`, {
    final: false,
  });
}

const PROMOTED: Action = { kind: 'wait', until: isPromoted, for: 'to make the new version its stable one' };

function switched(rollout: Rollout): Action {
  const { activeSelector } = rollout.status.blueGreen;
  if (activeSelector === rollout.status.currentPodHash || isUnpausing(rollout)) return NONE;
  return GO_ON_TO_THE_END;
}

function goingBack(to: string, template: Changes, situation: Situation): Action {
  const { rollout, settings, releases } = situation;
  const { status } = rollout;
  if (versionOf(rollout.spec.template, settings, releases) !== to || rollout.spec.paused) {
    return { kind: 'patch', ...template };
  }
  // What is stable already has the traffic again without being told.
  if (versionAt(status.stableRS, situation) === to) return NONE;
  if (!isObserved(rollout)) return SEEN;
  if (isPromoted(rollout) || status.promoteFull) return NONE;
  return { kind: 'status', status: { promoteFull: true, ...(status.abort ? { abort: false } : {}) } };
}

function toNothing(change: Change, { rollout, settings }: Situation): Action {
  const changes = takenOut(rollout, settings, change);
  return changes.operations.length > 0 ? { kind: 'patch', ...changes } : NONE;
}

export function versionAt(hash: string, { replicaSets, settings, releases }: Situation): string | undefined {
  const set = hash === '' ? undefined : replicaSets.find(({ metadata }) => metadata.labels[HASH] === hash);
  return set && versionOf(set.spec.template, settings, releases);
}

/** The very build, not only its name. */
function runs({ version, digest }: Change, { rollout, settings, releases }: Situation): boolean {
  const { template } = rollout.spec;
  const { operations } = imageTo({ version, digest }, { rollout, settings });
  const isSame = operations.every(
    ({ path, value }) => path.endsWith('annotations') || imageAt(template.spec, path) === value,
  );
  return isSame && versionOf(template, settings, releases) === version;
}

function imageAt(spec: Rollout['spec']['template']['spec'], path: string): string | undefined {
  const [, list, index] = /\/(containers|initContainers)\/(\d+)\/image$/.exec(path) ?? [];
  return spec[list === 'initContainers' ? list : 'containers']?.[Number(index)]?.image;
}

function imageTo(
  change: Pick<Change, 'version' | 'digest'> & { sha?: string },
  { rollout, settings }: Pick<Situation, 'rollout' | 'settings'>,
): Changes {
  const { sha = '' } = change;
  return {
    operations: imageOperations(rollout.spec.template, settings, { ...change, sha }),
    annotations: {},
  };
}

/** Somebody paused it on purpose: what is told to it now would happen at a moment that nobody chose. */
function refusePaused(rollout: Rollout): void {
  if (!rollout.spec.paused) return;
  throw refused(
    `${nameOf(rollout)} is paused by hand: nothing was changed; "kubectl argo rollouts promote ${rollout.metadata.name}" lets it go on`,
  );
}

function refuseInconclusive({ status, metadata }: Rollout): void {
  const found = status.pauseConditions.find(({ reason }) => reason.startsWith('Inconclusive'));
  if (found !== undefined) throw refused(`the Rollout ${metadata.name} is paused: ${found.reason}`);
}

function noStop(percent: number, stops: readonly Stop[], rollout: Rollout): string {
  const shares = stops.map((one) => one.percent);
  return rollout.spec.strategy.blueGreen != null
    ? `${nameOf(rollout)} switches all traffic at once: it cannot have ${percent} %`
    : `${nameOf(rollout)} stops ${atShares(shares)}: it cannot be brought to ${percent} %`;
}

const nameOf = ({ metadata }: Rollout): string => `the Rollout ${metadata.name}`;
const refused = (words: string): BackendError => new BackendError(words, { final: true });
