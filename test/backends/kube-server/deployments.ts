/** The Deployment controller, as far as a rolling update goes: one pod more, one pod less, and what it writes to the status. */

import { createHash } from 'node:crypto';
import { canonical, type KubeObject } from './objects.ts';
import type { KubeServer } from './server.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const NOW = '2026-01-05T13:00:00Z';

/** What goes wrong with new pods. */
export type Trouble = 'deadline' | 'crash-loop' | 'quota' | 'no-image';

export interface Controller {
  /** One turn of it: at most one pod more and one less. False where nothing is left to do. */
  turn(): boolean;
  settle(): void;
  trouble: Trouble | undefined;
}

export function createDeploymentController(server: KubeServer, name: string): Controller {
  const controller: Controller = { turn, settle, trouble: undefined };
  return controller;

  function settle(): void {
    for (let turns = 0; turns < 100; turns += 1) if (!turn()) return;
    throw new Error('the Deployment does not settle');
  }

  function setsOf(deployment: KubeObject): KubeObject[] {
    return server
      .all('replicasets')
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid));
  }

  function turn(): boolean {
    const deployment = server.get('deployments', name);
    if (deployment === undefined) return false;
    const before = server.get('deployments', name)?.metadata.resourceVersion;
    const moved = deployment.spec.paused === true ? false : roll(deployment);
    writeStatus();
    return moved || server.get('deployments', name)?.metadata.resourceVersion !== before;
  }

  function roll(deployment: KubeObject): boolean {
    const newest = newestOf(deployment);
    const wanted: number = deployment.spec.replicas ?? 1;
    const others = setsOf(deployment).filter((set) => set.metadata.name !== newest.metadata.name);
    const mine: number = newest.spec.replicas;
    const busy = others.find((set) => set.spec.replicas > 0);
    if (mine > wanted) return scale(newest, mine - 1);
    if (controller.trouble !== undefined) return mine === 0 && wanted > 0 ? scale(newest, 1, false) : false;
    if (mine < wanted) {
      scale(newest, mine + 1);
      if (busy !== undefined) scale(busy, busy.spec.replicas - 1);
      return true;
    }
    return busy === undefined ? false : scale(busy, busy.spec.replicas - 1);
  }

  /** The ReplicaSet of the template, found again where there is one. */
  function newestOf(deployment: KubeObject): KubeObject {
    const sets = setsOf(deployment);
    const last = Math.max(0, ...sets.map((set) => Number(set.metadata.annotations?.[REVISION] ?? 0)));
    const known = sets.find(
      (set) => canonical(bare(set.spec.template)) === canonical(deployment.spec.template),
    );
    const revision = known === undefined ? String(last + 1) : known.metadata.annotations?.[REVISION];
    if (known !== undefined && Number(revision) < last) {
      server.update('replicasets', known.metadata.name, (set) => {
        set.metadata.annotations = { ...set.metadata.annotations, [REVISION]: String(last + 1) };
      });
    }
    const set = known ?? create(deployment, String(last + 1));
    const noted = server.get('replicasets', set.metadata.name)?.metadata.annotations?.[REVISION] ?? '';
    if (deployment.metadata.annotations?.[REVISION] !== noted) {
      server.update('deployments', name, ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, [REVISION]: noted };
      });
      progressing(
        'True',
        known === undefined ? 'NewReplicaSetCreated' : 'FoundNewReplicaSet',
        'a new ReplicaSet',
      );
    }
    return server.get('replicasets', set.metadata.name) ?? set;
  }

  function create(deployment: KubeObject, revision: string): KubeObject {
    const hash = createHash('sha256').update(canonical(deployment.spec.template)).digest('hex').slice(0, 10);
    const { template, selector } = deployment.spec;
    const labels = { ...template.metadata.labels, 'pod-template-hash': hash };
    return server.put({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${hash}`,
        labels,
        annotations: { ...deployment.metadata.annotations, [REVISION]: revision },
        ownerReferences: [owner(deployment)],
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: { ...selector.matchLabels, 'pod-template-hash': hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
      status: { replicas: 0, readyReplicas: 0, availableReplicas: 0 },
    });
  }

  function scale(set: KubeObject, to: number, ready = true): boolean {
    scaleSet(server, set, to, ready ? undefined : controller.trouble);
    return true;
  }

  function progressing(status: string, reason: string, message: string): void {
    server.update(
      'deployments',
      name,
      (object) => {
        const rest = (object.status.conditions ?? []).filter(
          ({ type }: { type: string }) => type !== 'Progressing',
        );
        const old = (object.status.conditions ?? []).find(
          ({ type }: { type: string }) => type === 'Progressing',
        );
        object.status.conditions = [
          ...rest,
          {
            type: 'Progressing',
            status,
            reason,
            message,
            lastUpdateTime: NOW,
            lastTransitionTime: old?.lastTransitionTime ?? NOW,
          },
        ];
      },
      'status',
    );
  }

  function writeStatus(): void {
    const deployment = server.get('deployments', name);
    if (deployment === undefined) return;
    const sets = setsOf(deployment);
    const revision = deployment.metadata.annotations?.[REVISION];
    const newest = sets.find((set) => set.metadata.annotations?.[REVISION] === revision);
    const sum = (field: string): number => sets.reduce((all, set) => all + Number(set.status[field] ?? 0), 0);
    const counts = {
      replicas: sum('replicas'),
      readyReplicas: sum('readyReplicas'),
      availableReplicas: sum('availableReplicas'),
      updatedReplicas: Number(newest?.status.replicas ?? 0),
    };
    const wanted = deployment.spec.replicas ?? 1;
    const isComplete =
      counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas === wanted;
    server.update(
      'deployments',
      name,
      (object) => {
        object.status = { ...object.status, ...counts, observedGeneration: object.metadata.generation };
        const failed = {
          type: 'ReplicaFailure',
          status: 'True',
          reason: 'FailedCreate',
          lastUpdateTime: NOW,
          lastTransitionTime: NOW,
        };
        const message = `pods "${name}-x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4`;
        const rest = (object.status.conditions ?? []).filter(
          ({ type }: { type: string }) => type !== 'ReplicaFailure',
        );
        object.status.conditions =
          controller.trouble === 'quota' && !isComplete ? [...rest, { ...failed, message }] : rest;
      },
      'status',
    );
    if (isComplete)
      progressing(
        'True',
        'NewReplicaSetAvailable',
        `ReplicaSet "${newest?.metadata.name}" has successfully progressed.`,
      );
    else if (controller.trouble === 'deadline' || controller.trouble === 'no-image') {
      progressing(
        'False',
        'ProgressDeadlineExceeded',
        `ReplicaSet "${newest?.metadata.name}" has timed out progressing.`,
      );
    }
  }
}

export function bare(
  template: { metadata: { labels: Record<string, string> } },
  label = 'pod-template-hash',
): unknown {
  const { [label]: _, ...labels } = template.metadata.labels;
  return { ...template, metadata: { ...template.metadata, labels } };
}

export function owner({ apiVersion, kind, metadata: { name, uid } }: KubeObject) {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

const WAITING: Readonly<Record<Trouble, object>> = {
  deadline: { reason: 'ContainerCreating' },
  quota: { reason: 'ContainerCreating' },
  'crash-loop': { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' },
  'no-image': { reason: 'ImagePullBackOff', message: 'Back-off pulling image: manifest unknown' },
};

/** The ReplicaSet controller and the kubelet in one: so many pods, ready at once unless something is wrong. */
export function scaleSet(server: KubeServer, set: KubeObject, to: number, trouble?: Trouble): void {
  const mine = server
    .all('pods')
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid));
  const makes = trouble === 'quota' ? mine.length : to;
  for (const pod of mine.slice(makes)) server.remove('pods', pod.metadata.name);
  for (let index = mine.length; index < makes; index += 1) {
    const state = trouble === undefined ? { running: { startedAt: NOW } } : { waiting: WAITING[trouble] };
    const isReady = trouble === undefined;
    const [{ name, image }] = set.spec.template.spec.containers;
    server.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${set.metadata.name}-${index}-${set.metadata.resourceVersion}`,
        labels: set.spec.template.metadata.labels,
        ownerReferences: [owner(set)],
      },
      spec: set.spec.template.spec,
      status: {
        phase: isReady ? 'Running' : 'Pending',
        conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
        containerStatuses: [
          {
            name,
            image,
            imageID: pulled(image),
            ready: isReady,
            restartCount: trouble === 'crash-loop' ? 4 : 0,
            state,
          },
        ],
      },
    });
  }
  server.update('replicasets', set.metadata.name, (object) => {
    object.spec.replicas = to;
  });
  const ready = server
    .all('pods')
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid))
    .filter(({ status }) => status.conditions[0].status === 'True').length;
  server.update(
    'replicasets',
    set.metadata.name,
    (object) => {
      object.status = { ...object.status, replicas: makes, readyReplicas: ready, availableReplicas: ready };
    },
    'status',
  );
}

/** A node knows the digest of what it pulled by a name. */
function pulled(image: string): string {
  if (image.includes('@')) return image;
  const tag = image.split(':').at(-1) ?? '';
  const digest = createHash('sha256').update(tag).digest('hex');
  return `${image.replace(/:[^:/]+$/, '')}@sha256:${digest}`;
}
