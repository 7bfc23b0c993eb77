/** Argo Rollouts: GoNoGo leads a Rollout from one pause to the next, and back. */

import { attempt, type Finding } from '../adapters/finding.ts';
import { type AdapterContext, adapterKind } from '../adapters/kind.ts';
import type { BackendStep, BackendStepKind } from '../terms/plan.ts';
import { createRolloutApi } from './argo-rollouts/conduct.ts';
import { type Order, type Situation, versionAt } from './argo-rollouts/next.ts';
import { isPromoted } from './argo-rollouts/rollout.ts';
import { observationOf } from './argo-rollouts/seen.ts';
import { type ArgoSettings, argoSettings, type RolloutPlace } from './argo-rollouts/settings.ts';
import { planProblem, stepsProblem } from './argo-rollouts/stops.ts';
import { givenTemplate } from './argo-rollouts/undo.ts';
import { createKubeApi, KubeError } from './kubernetes/api.ts';
import { stillTried } from './kubernetes/command.ts';
import { claimOf, imageOperations, type Operation, versionOf } from './kubernetes/image.ts';
import { openJournal } from './kubernetes/journal.ts';
import { createLookups } from './kubernetes/lookups.ts';
import { neededFor, type Permission, tryPermissions } from './kubernetes/permissions.ts';
import { type Changes, newestOf } from './kubernetes/template.ts';
import { idOf, openedLate, placeIn } from './places.ts';
import { BackendError, type Change, type Commanded, type DeployBackend, type Target } from './port.ts';

export const argoRollouts = adapterKind({
  summary: 'Argo Rollouts, by image digest: canary from pause to pause, blue-green by one switch',
  settings: argoSettings,
  example: {
    connection: { in_cluster: true },
    services: {
      checkout: {
        production: {
          namespace: 'shop',
          rollout: 'checkout',
          containers: ['checkout'],
          image: 'registry.example.com/checkout@{digest}',
          releases: { file: '/var/lib/gonogo/checkout.json' },
        },
      },
    },
  },
  open: createArgoRollouts,
});

const ARGO_STEPS: ReadonlySet<BackendStepKind> = new Set(['set-weight', 'stand-up', 'replace']);

/** An admission policy, or a template that is none any more. */
const REFUSES_THE_TEMPLATE: ReadonlySet<number> = new Set([400, 403, 422]);

function createArgoRollouts(settings: ArgoSettings, context: AdapterContext): DeployBackend {
  const api = createKubeApi(settings.connection, context);
  const lookups = createLookups(api, context);
  const rollouts = createRolloutApi(api, lookups);
  const opened = openedLate(() => openJournal(context.folder()));
  const placeOf = (target: Target): RolloutPlace =>
    placeIn(settings.services, target, (place) => `${context.name} does not say which Rollout ${place} is`);

  function conduct(
    change: Commanded,
    key: string,
    to: { back: string | null } | undefined,
    orderFor: (situation: Situation) => Promise<Order>,
    signal?: AbortSignal,
  ): Promise<void> {
    const { version } = change;
    const place = placeOf(change);
    const order =
      to === undefined
        ? ({ kind: 'forward', version } as const)
        : ({ kind: 'back', version: to.back, from: version } as const);
    const told = { journal: opened(), place: idOf(change), key, command: change, order };
    return rollouts.conduct(place, told, orderFor, signal);
  }

  async function forward(change: Commanded, order: Order, key: string, signal?: AbortSignal): Promise<void> {
    const place = placeOf(change);
    const orderFor = async ({ rollout }: Situation): Promise<Order> => {
      // What was begun was looked up then.
      if (claimOf(rollout.metadata, key) === 'none') await lookups.refuseUnknown(place, change, signal);
      return order;
    };
    await conduct(change, key, undefined, orderFor, signal);
  }

  const back: DeployBackend['rollback'] = async (change, to, key, signal) => {
    const place = placeOf(change);
    const orderFor = async (situation: Situation): Promise<Order> => {
      const template = to === null ? NO_CHANGES : await templateFor(place, to, situation, signal);
      return { kind: 'back', change, to, template };
    };
    try {
      await conduct(change, key, { back: to }, orderFor, signal);
    } catch (error) {
      if (!(await isAborted(place, to, error, signal))) throw error;
      opened().done(key);
    }
  };

  /** Where the old template is not taken any more, the traffic goes back to it all the same: it is what stands there. */
  async function isAborted(
    place: RolloutPlace,
    to: string | null,
    error: unknown,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (!(error instanceof KubeError) || !REFUSES_THE_TEMPLATE.has(error.code)) return false;
    const situation = await rollouts.look(place, signal);
    const { rollout } = situation;
    if (isPromoted(rollout) || versionAt(rollout.status.stableRS, situation) !== to) return false;
    context.log.warn({ err: error }, 'the old template is not taken: the update is aborted instead');
    if (!rollout.status.abort) await rollouts.patchStatus(place, rollout, { abort: true }, signal);
    return true;
  }

  /** Of the newest ReplicaSet that ran the version, whole; its image by digest where there is none any more. */
  async function templateFor(
    place: RolloutPlace,
    to: string,
    { rollout: { spec }, replicaSets, releases }: Situation,
    signal?: AbortSignal,
  ): Promise<Changes> {
    const goOn: Operation[] = spec.paused ? [{ op: 'add', path: '/spec/paused', value: false }] : [];
    const isThere = versionOf(spec.template, place, releases) === to;
    const set = isThere ? undefined : newestOf(replicaSets, to, place, releases);
    if (set !== undefined) {
      goOn.push({ op: 'replace', path: '/spec/template', value: givenTemplate(set) });
    } else if (!isThere) {
      const release = await lookups.findRelease(place, to, signal);
      goOn.push(...imageOperations(spec.template, place, release));
    }
    return { operations: goOn, annotations: {} };
  }

  return {
    name: 'argo-rollouts',
    steps: ARGO_STEPS,
    async apply(change, step, key, signal) {
      await forward(change, orderOf(change, step), key, signal);
    },
    rollback: (...command) => stillTried(back(...command)),
    async observe(target, signal) {
      const place = placeOf(target);
      const situation = await rollouts.look(place, signal);
      const pods = await lookups.podsOf(place, situation.rollout, signal);
      const newest = opened().newest(idOf(target));
      const ordered = newest === undefined ? {} : { ordered: newest.kind };
      return { at: context.clock.now(), ...observationOf({ ...situation, pods, ...ordered }) };
    },
    versions: async (target, signal) => lookups.versions(placeOf(target), signal),
    planProblem: async (target, steps, signal) =>
      planProblem(await rollouts.get(placeOf(target), signal), steps),
    check,
    async close() {
      opened.close();
    },
  };

  async function check(target: Target, signal?: AbortSignal): Promise<Finding[]> {
    const place = placeOf(target);
    const remedy = 'apply deploy/rbac/argo-rollouts.yaml in that namespace';
    return [
      ...(await tryPermissions(
        api,
        place.namespace,
        neededFor(target, permissionsFor(place)),
        remedy,
        signal,
      )),
      await attempt(`see the Rollout ${place.rollout}`, 'see rollout and containers', async () => {
        const { spec } = await rollouts.get(place, signal);
        imageOperations(spec.template, place, { version: 'v0', sha: '', digest: '' });
      }),
      await attempt(`lead the Rollout ${place.rollout}`, 'see its strategy', async () => {
        const problem = stepsProblem(await rollouts.get(place, signal));
        if (problem !== undefined) throw new Error(problem);
      }),
      await attempt('read what can be deployed', 'see releases in its settings', async () => {
        await lookups.versions(place, signal);
      }),
    ];
  }
}

const NO_CHANGES: Changes = { operations: [], annotations: {} };

/** The permissions that it uses, and no other. */
function permissionsFor({ rollout: name }: Pick<RolloutPlace, 'rollout'>): Permission[] {
  const rollouts = { group: 'argoproj.io', resource: 'rollouts', name };
  return [
    { verb: 'get', ...rollouts },
    { verb: 'patch', ...rollouts },
    { verb: 'list', ...rollouts },
    { verb: 'watch', ...rollouts },
    { verb: 'patch', ...rollouts, subresource: 'status' },
    { verb: 'list', group: 'apps', resource: 'replicasets' },
    { verb: 'list', group: '', resource: 'pods' },
  ];
}

function orderOf(change: Change, step: BackendStep): Order {
  switch (step.kind) {
    case 'set-weight':
      return step.percent < 100 ? { kind: 'share', percent: step.percent, change } : { kind: 'all', change };
    case 'stand-up':
      return { kind: 'share', percent: 0, change };
    case 'replace':
      return { kind: 'all', change };
    default:
      throw new BackendError(`Argo Rollouts cannot take the step ${step.kind}`, { final: true });
  }
}
