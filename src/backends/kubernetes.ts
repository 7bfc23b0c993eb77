/** Kubernetes Deployments: a new version is an image by digest, and the Deployment rolls by itself. */

import { attempt, type Finding } from '../adapters/finding.ts';
import { type AdapterContext, adapterKind } from '../adapters/kind.ts';
import type { BackendStepKind } from '../terms/plan.ts';
import { createKubeApi } from './kubernetes/api.ts';
import { HASH } from './kubernetes/arms.ts';
import { stillTried, tellOnce } from './kubernetes/command.ts';
import { hasKey, imageOperations, type Operation, patchOf, versionOf } from './kubernetes/image.ts';
import { openJournal } from './kubernetes/journal.ts';
import { createLookups } from './kubernetes/lookups.ts';
import { type Deployment, deploymentSchema, read } from './kubernetes/objects.ts';
import { neededFor, type Permission, tryPermissions } from './kubernetes/permissions.ts';
import { observationOf } from './kubernetes/seen.ts';
import { type DeploymentPlace, type KubernetesSettings, kubernetesSettings } from './kubernetes/settings.ts';
import { type Changes, newestOf, replicasBack, takenOut, templateOf } from './kubernetes/template.ts';
import { idOf, openedLate, placeIn } from './places.ts';
import { BackendError, type Commanded, type DeployBackend, type Target } from './port.ts';

export const kubernetes = adapterKind({
  summary: 'Kubernetes Deployments, by image digest: the Deployment rolls by itself',
  settings: kubernetesSettings,
  example: {
    connection: { in_cluster: true },
    services: {
      checkout: {
        production: {
          namespace: 'shop',
          deployment: 'checkout',
          containers: ['checkout'],
          image: 'registry.example.com/checkout@{digest}',
          releases: { file: '/var/lib/gonogo/checkout.json' },
        },
      },
    },
  },
  open: createKubernetes,
});

const KUBERNETES_STEPS: ReadonlySet<BackendStepKind> = new Set(['replace']);

function createKubernetes(settings: KubernetesSettings, context: AdapterContext): DeployBackend {
  const api = createKubeApi(settings.connection, context);
  const lookups = createLookups(api, context);
  const opened = openedLate(() => openJournal(context.folder()));
  const placeOf = (target: Target): DeploymentPlace =>
    placeIn(
      settings.services,
      target,
      (place) => `${context.name} does not say which Deployment ${place} is`,
    );

  async function deploymentAt(place: DeploymentPlace, signal?: AbortSignal): Promise<Deployment> {
    const path = pathOf(place);
    return read(deploymentSchema, await api.call({ path }, signal), `the Deployment ${place.deployment}`);
  }

  async function patch(place: DeploymentPlace, body: Operation[], signal?: AbortSignal): Promise<void> {
    await api.call(
      { method: 'PATCH', path: pathOf(place), body, type: 'application/json-patch+json' },
      signal,
    );
  }

  async function forward(change: Commanded, key: string, signal?: AbortSignal): Promise<void> {
    const place = placeOf(change);
    const id = idOf(change);
    const order = { kind: 'forward', version: change.version } as const;
    await tellOnce({ journal: opened(), place: id, key, command: change, order }, signal, async (still) => {
      const deployment = await deploymentAt(place, signal);
      if (hasKey(deployment.metadata, key)) return;
      await lookups.refuseUnknown(place, change, signal);
      refusePaused(deployment);
      const operations = imageOperations(deployment.spec.template, place, change);
      still();
      const cause = `GoNoGo: ${change.version} (${change.sha.slice(0, 12)})`;
      const again = replicasBack(deployment);
      await patch(
        place,
        patchOf(deployment.metadata, key, cause, [...operations, ...again.operations], again.annotations),
        signal,
      );
    });
  }

  const back: DeployBackend['rollback'] = async (change, to, key, signal) => {
    const place = placeOf(change);
    const order = { kind: 'back', version: to, from: change.version } as const;
    await tellOnce(
      { journal: opened(), place: idOf(change), key, command: change, order },
      signal,
      async (still) => {
        const deployment = await deploymentAt(place, signal);
        if (hasKey(deployment.metadata, key)) return;
        const { operations, annotations } =
          to === null ? takenOut(deployment, place, change) : await undone(deployment, place, to, signal);
        still();
        const cause = `GoNoGo: back to ${to ?? 'nothing'}, from ${change.version}`;
        // Also where nothing has to change: whoever was late with an older command finds another object.
        await patch(place, patchOf(deployment.metadata, key, cause, operations, annotations), signal);
      },
    );
  };

  /** As `kubectl rollout undo` does it: the template of the newest ReplicaSet that ran the version, whole. */
  async function undone(
    deployment: Deployment,
    place: DeploymentPlace,
    to: string,
    signal?: AbortSignal,
  ): Promise<Changes> {
    const again = replicasBack(deployment);
    const resume: Operation[] = deployment.spec.paused
      ? [{ op: 'add', path: '/spec/paused', value: false }]
      : [];
    const { template } = deployment.spec;
    const sets = await lookups.replicaSetsOf(place, deployment, signal);
    const names = await lookups.namesFor(place, [template, ...sets.map((set) => set.spec.template)], signal);
    const changes = (operations: Operation[]): Changes => ({
      ...again,
      operations: [...operations, ...resume, ...again.operations],
    });
    if (versionOf(template, place, names) === to) return changes([]);
    const newest = newestOf(sets, to, place, names);
    if (newest === undefined) {
      const release = await lookups.findRelease(place, to, signal);
      return changes(imageOperations(template, place, release));
    }
    return changes([{ op: 'replace', path: '/spec/template', value: templateOf(newest, HASH) }]);
  }

  return {
    name: 'kubernetes',
    steps: KUBERNETES_STEPS,
    async apply(change, step, key, signal) {
      if (step.kind === 'replace') return forward(change, key, signal);
      throw new BackendError(`a Deployment rolls by itself: it cannot take the step ${step.kind}`, {
        final: true,
      });
    },
    rollback: (...command) => stillTried(back(...command)),
    async observe(target, signal) {
      const place = placeOf(target);
      const deployment = await deploymentAt(place, signal);
      const replicaSets = await lookups.replicaSetsOf(place, deployment, signal);
      const templates = [deployment.spec.template, ...replicaSets.map(({ spec }) => spec.template)];
      const names = await lookups.namesFor(place, templates, signal);
      const pods = await lookups.podsOf(place, deployment, signal);
      const looked = { deployment, replicaSets, pods, releases: names };
      return { at: context.clock.now(), ...observationOf(looked, place, opened().newest(idOf(target))) };
    },
    async versions(target, signal) {
      return lookups.versions(placeOf(target), signal);
    },
    async check(target, signal) {
      return check(target, signal);
    },
    async close() {
      opened.close();
    },
  };

  async function check(target: Target, signal?: AbortSignal): Promise<Finding[]> {
    const place = placeOf(target);
    const remedy = 'apply deploy/rbac/kubernetes.yaml in that namespace';
    const needed = neededFor(target, permissionsFor(place));
    const permissions = await tryPermissions(api, place.namespace, needed, remedy, signal);
    return [
      ...permissions,
      await attempt(`see the Deployment ${place.deployment}`, 'see deployment and containers', async () => {
        const { spec } = await deploymentAt(place, signal);
        imageOperations(spec.template, place, { version: 'v0', sha: '', digest: '' });
        if (spec.progressDeadlineSeconds === 2 ** 31 - 1) {
          throw new Error('it has no progressDeadlineSeconds: a rollout that is stuck would not be told');
        }
      }),
      await attempt('read what can be deployed', 'see releases in its settings', async () => {
        await lookups.versions(place, signal);
      }),
    ];
  }
}

/** The permissions that it uses, and no other. */
function permissionsFor({ deployment: name }: DeploymentPlace): Permission[] {
  return [
    { verb: 'get', group: 'apps', resource: 'deployments', name },
    { verb: 'patch', group: 'apps', resource: 'deployments', name },
    { verb: 'list', group: 'apps', resource: 'replicasets' },
    { verb: 'list', group: '', resource: 'pods' },
  ];
}

function pathOf({ namespace, deployment }: DeploymentPlace): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;
}

/** Somebody paused it on purpose: what is told to it now would happen at a moment that nobody chose. */
function refusePaused({ metadata, spec }: Deployment): void {
  if (!spec.paused) return;
  throw new BackendError(
    `the Deployment ${metadata.name} is paused: nothing was changed; "kubectl rollout resume" lets it roll again`,
    { final: true },
  );
}
