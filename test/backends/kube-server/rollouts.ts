/**
 * The controller of Argo Rollouts, as far as canary and blue-green go, with what makes it hard to lead: a promotion before
 * it has seen a new template is forgotten, a pause whose conditions are gone counts as ended, an abort stays.
 */

import { createHash } from 'node:crypto';
import { bare, owner, scaleSet, type Trouble } from './deployments.ts';
import { canonical, type KubeObject } from './objects.ts';
import type { KubeServer } from './server.ts';

const REVISION = 'rollout.argoproj.io/revision';
const HASH = 'rollouts-pod-template-hash';
const NOW = '2026-01-05T13:00:00Z';

export interface RolloutController {
  /** Looks at the Rollout once. False where nothing is left to do. */
  turn(): boolean;
  settle(): void;
  trouble: Trouble | undefined;
  /** Of analysis steps. */
  analysis: 'running' | 'successful' | 'failed' | 'inconclusive';
  /** Whether whatever routes the traffic has followed; unset where that is not looked at. */
  verified: boolean | undefined;
  /** Old pods stay after a switch (`scaleDownDelaySeconds`). */
  keepsOld: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: a status is Argo Rollouts' own and loosely typed
type Status = any;
interface Step {
  setWeight?: number;
  pause?: object;
  analysis?: object;
  setCanaryScale?: { weight?: number; replicas?: number; matchTrafficWeight?: boolean };
}

export function createRolloutController(server: KubeServer, name: string): RolloutController {
  const controller: RolloutController = {
    turn,
    settle,
    trouble: undefined,
    analysis: 'successful',
    verified: undefined,
    keepsOld: false,
  };
  return controller;

  function settle(): void {
    for (let turns = 0; turns < 100; turns += 1) if (!turn()) return;
    throw new Error('the Rollout does not settle');
  }

  function turn(): boolean {
    const before = fingerprint();
    const rollout = server.get('rollouts', name);
    if (rollout === undefined) return false;
    const current = currentOf(rollout);
    write(rollout, decide(rollout, current), current);
    return fingerprint() !== before;
  }

  function fingerprint(): string {
    const all = [server.get('rollouts', name), ...server.all('replicasets')];
    return all.map((one) => one?.metadata.resourceVersion).join();
  }

  function setsOf({ metadata: { uid } }: KubeObject): KubeObject[] {
    return server
      .all('replicasets')
      .filter(({ metadata }) => metadata.ownerReferences?.some((one) => one.uid === uid));
  }

  function setBy(rollout: KubeObject, hash: string): KubeObject | undefined {
    return setsOf(rollout).find((set) => hashOf(set) === hash);
  }

  /** The ReplicaSet of the template, found again where there is one. */
  function currentOf(rollout: KubeObject): KubeObject {
    const sets = setsOf(rollout);
    const last = Math.max(0, ...sets.map(({ metadata }) => Number(metadata.annotations?.[REVISION] ?? 0)));
    const known = sets.find(
      (set) => canonical(bare(set.spec.template, HASH)) === canonical(rollout.spec.template),
    );
    if (known === undefined) return create(rollout, String(last + 1));
    if (Number(known.metadata.annotations?.[REVISION]) < last) {
      server.update('replicasets', known.metadata.name, ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, [REVISION]: String(last + 1) };
      });
    }
    return server.get('replicasets', known.metadata.name) ?? known;
  }

  function create(rollout: KubeObject, revision: string): KubeObject {
    const { template, selector } = rollout.spec;
    const hash = createHash('sha256').update(canonical(template)).digest('hex').slice(0, 10);
    const labels = { ...template.metadata.labels, [HASH]: hash };
    return server.put({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${hash}`,
        labels,
        annotations: { [REVISION]: revision },
        ownerReferences: [owner(rollout)],
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: { ...selector.matchLabels, [HASH]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
      status: { replicas: 0, readyReplicas: 0, availableReplicas: 0 },
    });
  }

  function scale(set: KubeObject | undefined, to: number, isCurrent = false): void {
    if (set === undefined || set.spec.replicas === to) return;
    scaleSet(server, set, to, isCurrent ? controller.trouble : undefined);
  }

  /** What the status is to be; scales on the way. */
  function decide(rollout: KubeObject, current: KubeObject): Status {
    const old: Status = rollout.status;
    const { spec } = rollout;
    const hash = hashOf(current);
    const steps: Step[] = spec.strategy.canary?.steps ?? [];
    const next: Status = {
      ...old,
      observedGeneration: String(rollout.metadata.generation),
      currentPodHash: hash,
      controllerPause: null,
    };
    if (old.currentPodHash !== hash) {
      const back = old.stableRS === hash;
      return {
        ...next,
        pauseConditions: null,
        abort: null,
        abortedAt: null,
        promoteFull: null,
        currentStepIndex: steps.length === 0 ? null : back ? steps.length : 0,
      };
    }
    next.controllerPause = old.pauseConditions === undefined ? null : old.controllerPause;
    if (old.abort) {
      next.pauseConditions = null;
      next.controllerPause = null;
      next.abortedAt ??= NOW;
    }
    if (old.promoteFull) next.pauseConditions = null;
    if (spec.paused) return next;
    return spec.strategy.blueGreen === undefined
      ? canary(rollout, current, next, steps)
      : blueGreen(rollout, current, next);
  }

  function promote(next: Status, hash: string, steps: number): Status {
    return {
      ...next,
      stableRS: hash,
      promoteFull: null,
      abort: null,
      pauseConditions: null,
      controllerPause: null,
      currentStepIndex: steps === 0 ? null : steps,
    };
  }

  function canary(rollout: KubeObject, current: KubeObject, next: Status, steps: Step[]): Status {
    const old: Status = rollout.status;
    const { replicas } = rollout.spec;
    const hash = hashOf(current);
    const index = Math.min(old.currentStepIndex ?? 0, steps.length);
    const isRouted = rollout.spec.strategy.canary.trafficRouting !== undefined;
    const stable = old.stableRS === undefined ? undefined : setBy(rollout, old.stableRS);
    const others = setsOf(rollout).filter((set) => ![hash, old.stableRS].includes(hashOf(set)));
    if (stable === undefined || old.stableRS === hash) {
      scale(current, replicas, true);
      for (const other of others) if (!controller.keepsOld) scale(other, 0);
      const weights = isRouted ? { weights: weightsOf(0, hash, hash) } : {};
      const calm = { ...next, canary: weights, pauseConditions: null, controllerPause: null };
      return available(current) >= replicas ? promote(calm, hash, steps.length) : calm;
    }
    const isWhole = old.promoteFull || index === steps.length;
    const wanted = old.abort ? 0 : isWhole ? 100 : weightAt(steps, index);
    const pods = old.abort ? 0 : isWhole ? replicas : podsAt(rollout, steps, index, wanted);
    scale(current, pods, true);
    // With traffic routing the old version stays whole; else its pods make room.
    scale(stable, isRouted ? replicas : old.abort ? replicas : totalFor(rollout, wanted) - pods);
    for (const other of others) scale(other, 0);
    const isThere = available(current) === pods;
    const before = weightAt(steps, index - 1);
    const weight = old.abort || available(current) === 0 ? 0 : old.promoteFull || !isThere ? before : wanted;
    if (isRouted) {
      next.canary = {
        weights: {
          ...weightsOf(weight, hash, old.stableRS),
          ...(controller.verified === undefined ? {} : { verified: controller.verified }),
        },
      };
    }
    if (old.abort) return { ...next, currentStepIndex: steps.length === 0 ? null : 0 };
    if (isWhole) return isThere && available(current) >= replicas ? promote(next, hash, steps.length) : next;
    return afterStep(steps[index] ?? {}, index, isThere && controller.verified !== false, old, next);
  }

  function afterStep(step: Step, index: number, isThere: boolean, old: Status, next: Status): Status {
    const done = { ...next, currentStepIndex: index + 1, pauseConditions: null, controllerPause: null };
    if (step.pause !== undefined) {
      if (old.pauseConditions !== undefined) return next;
      return old.controllerPause ? done : paused(next, 'CanaryPauseStep');
    }
    if (step.analysis !== undefined) {
      if (controller.analysis === 'successful') return done;
      if (controller.analysis === 'failed') return { ...next, abort: true, abortedAt: NOW };
      return controller.analysis === 'running' ? next : paused(next, 'InconclusiveAnalysisRun');
    }
    return isThere ? done : next;
  }

  function blueGreen(rollout: KubeObject, current: KubeObject, next: Status): Status {
    const old: Status = rollout.status;
    const { replicas } = rollout.spec;
    const hash = hashOf(current);
    const active: string | undefined = old.blueGreen?.activeSelector;
    const stable = old.stableRS === undefined ? undefined : setBy(rollout, old.stableRS);
    scale(current, old.abort ? 0 : replicas, true);
    if (stable !== undefined && stable.metadata.name !== current.metadata.name) scale(stable, replicas);
    for (const set of setsOf(rollout)) {
      if (![hash, old.stableRS, active].includes(hashOf(set)) && !controller.keepsOld) scale(set, 0);
    }
    const to = (selector: string): Status => ({
      ...next,
      blueGreen: { activeSelector: selector, previewSelector: hash },
    });
    if (old.abort) return to(old.stableRS);
    if (available(current) < replicas) return active === undefined ? next : to(active);
    const isFast = old.promoteFull || [undefined, old.stableRS].includes(hash) || old.stableRS === undefined;
    const mayGo = isFast || active === hash || (old.controllerPause && old.pauseConditions === undefined);
    if (mayGo) return active === hash ? promote(to(hash), hash, 0) : { ...to(hash), pauseConditions: null };
    return old.pauseConditions === undefined ? paused(to(active ?? ''), 'BlueGreenPause') : to(active ?? '');
  }

  function paused(next: Status, reason: string): Status {
    return { ...next, controllerPause: true, pauseConditions: [{ reason, startTime: NOW }] };
  }

  function write(rollout: KubeObject, next: Status, current: KubeObject): void {
    const sets = setsOf(rollout);
    const sum = (field: string): number => sets.reduce((all, set) => all + Number(set.status[field] ?? 0), 0);
    const counts = {
      replicas: sum('replicas'),
      readyReplicas: sum('readyReplicas'),
      availableReplicas: sum('availableReplicas'),
      updatedReplicas: Number(server.get('replicasets', current.metadata.name)?.status.replicas ?? 0),
    };
    const condition = (type: string, is: string, reason: string, message: string) => ({
      type,
      status: is,
      reason,
      message,
      lastTransitionTime: NOW,
      lastUpdateTime: NOW,
    });
    const conditions: object[] = [];
    if (next.abort) {
      conditions.push(
        condition('Progressing', 'False', 'RolloutAborted', 'Rollout aborted update to revision 2'),
      );
    } else if (
      next.stableRS !== next.currentPodHash &&
      (controller.trouble === 'no-image' || controller.trouble === 'deadline')
    ) {
      conditions.push(
        condition(
          'Progressing',
          'False',
          'ProgressDeadlineExceeded',
          `ReplicaSet "${current.metadata.name}" has timed out progressing.`,
        ),
      );
    }
    const isDegraded = conditions.length > 0;
    const isPaused = rollout.spec.paused || next.pauseConditions;
    const phase = isDegraded ? 'Degraded' : isPaused ? 'Paused' : 'Progressing';
    const isHealthy = phase === 'Progressing' && next.stableRS === next.currentPodHash;
    server.update(
      'rollouts',
      name,
      (object) => {
        object.status = { ...next, ...counts, conditions, phase: isHealthy ? 'Healthy' : phase };
      },
      'status',
    );
    const revision = current.metadata.annotations?.[REVISION];
    server.update('rollouts', name, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, ...(revision ? { [REVISION]: revision } : {}) };
    });
  }

  function available(set: KubeObject): number {
    return Number(server.get('replicasets', set.metadata.name)?.status.availableReplicas ?? 0);
  }
}

function hashOf({ metadata }: KubeObject): string {
  return metadata.labels?.[HASH] ?? '';
}

function weightsOf(weight: number, canary: string, stable: string) {
  return {
    canary: { weight, podTemplateHash: canary, serviceName: 'canary' },
    stable: { weight: 100 - weight, podTemplateHash: stable, serviceName: 'stable' },
  };
}

function weightAt(steps: readonly Step[], index: number): number {
  return steps.slice(0, index + 1).findLast(({ setWeight }) => setWeight !== undefined)?.setWeight ?? 0;
}

function podsAt(rollout: KubeObject, steps: readonly Step[], index: number, weight: number): number {
  const { replicas, strategy } = rollout.spec;
  if (strategy.canary.trafficRouting === undefined) {
    const exact = (replicas * weight) / 100;
    return weight === 0 ? 0 : Math.max(1, Math.round(exact));
  }
  const scaled = steps.slice(0, index + 1).findLast((step) => step.setCanaryScale)?.setCanaryScale;
  if (scaled === undefined || scaled.matchTrafficWeight) return Math.ceil((replicas * weight) / 100);
  return scaled.replicas ?? Math.ceil((replicas * (scaled.weight ?? 0)) / 100);
}

/** One more than usual where that comes closer to the share. */
function totalFor({ spec }: KubeObject, weight: number): number {
  const pods = Math.max(1, Math.round((spec.replicas * weight) / 100));
  const off = (total: number): number => Math.abs((100 * pods) / total - weight);
  return weight > 0 && weight < 100 && off(spec.replicas + 1) < off(spec.replicas)
    ? spec.replicas + 1
    : spec.replicas;
}
