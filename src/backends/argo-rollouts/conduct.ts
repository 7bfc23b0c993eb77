/** Tells one Rollout what it is ordered, request by request, and looks at it in between. */

import { z } from 'zod';
import { SECOND } from '../../time.ts';
import type { KubeApi } from '../kubernetes/api.ts';
import { type Told, tellOnce } from '../kubernetes/command.ts';
import { claimOf, patchOf } from '../kubernetes/image.ts';
import type { Lookups } from '../kubernetes/lookups.ts';
import { read } from '../kubernetes/objects.ts';
import type { Changes } from '../kubernetes/template.ts';
import { until } from '../kubernetes/until.ts';
import { BackendError } from '../port.ts';
import { type Action, nextFor, type Order, type Situation } from './next.ts';
import { type Rollout, rolloutSchema } from './rollout.ts';
import type { RolloutPlace } from './settings.ts';

export interface RolloutApi {
  /** The Rollout alone. */
  get(place: RolloutPlace, signal?: AbortSignal): Promise<Rollout>;
  /** With its ReplicaSets. */
  look(place: RolloutPlace, signal?: AbortSignal): Promise<Situation>;
  /** Throws for good where the order cannot be carried out there. */
  conduct(
    place: RolloutPlace,
    told: Told,
    orderFor: (situation: Situation) => Promise<Order>,
    signal?: AbortSignal,
  ): Promise<void>;
  patchStatus(place: RolloutPlace, rollout: Rollout, status: object, signal?: AbortSignal): Promise<void>;
}

/** More requests than any order takes. */
const TURNS = 12;
/** Where nobody says how long; Argo Rollouts looks at a change within a second. */
const MAX_WAIT = 25 * SECOND;

const NO_CHANGES: Changes = { operations: [], annotations: {} };

const referring = z.looseObject({ spec: z.looseObject({ workloadRef: z.unknown().optional() }) });

export function createRolloutApi(api: KubeApi, lookups: Lookups): RolloutApi {
  const nameOf = ({ rollout }: RolloutPlace): string => `the Rollout ${rollout}`;

  async function get(place: RolloutPlace, signal?: AbortSignal): Promise<Rollout> {
    const answer = await api.call({ path: pathOf(place) }, signal);
    const { workloadRef } = read(referring, answer, nameOf(place)).spec;
    if (workloadRef == null) return read(rolloutSchema, answer, nameOf(place));
    throw new BackendError(
      `${nameOf(place)} takes its pods from a workloadRef: its template must stand in itself`,
      { final: true },
    );
  }

  async function look(place: RolloutPlace, signal?: AbortSignal): Promise<Situation> {
    const rollout = await get(place, signal);
    const replicaSets = await lookups.replicaSetsOf(place, rollout, signal);
    const templates = [rollout.spec.template, ...replicaSets.map(({ spec }) => spec.template)];
    const releases = await lookups.namesFor(place, templates, signal);
    return { rollout, replicaSets, settings: place, releases };
  }

  async function patch(
    place: RolloutPlace,
    { metadata }: Rollout,
    told: { key: string; cause: string },
    { operations, annotations }: Changes,
    signal?: AbortSignal,
  ): Promise<void> {
    const body = patchOf(metadata, told.key, told.cause, operations, annotations);
    const type = 'application/json-patch+json';
    await api.call({ method: 'PATCH', path: pathOf(place), body, type }, signal);
  }

  /** On the main path the same would be answered with success, and dropped. */
  const patchStatus: RolloutApi['patchStatus'] = async (place, { metadata }, status, signal) => {
    const body = { metadata: { resourceVersion: metadata.resourceVersion }, status };
    const type = 'application/merge-patch+json';
    await api.call({ method: 'PATCH', path: `${pathOf(place)}/status`, body, type }, signal);
  };

  async function waitFor(
    place: RolloutPlace,
    action: Extract<Action, { kind: 'wait' }>,
    signal = AbortSignal.timeout(MAX_WAIT),
  ): Promise<void> {
    const isSo = (object: unknown): boolean => action.until(read(rolloutSchema, object, nameOf(place)));
    try {
      await until(api, { path: listOf(place), name: place.rollout }, isSo, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new BackendError(
        `Argo Rollouts was waited for ${action.for}, and did not: does its controller run?`,
        { final: false, cause: error },
      );
    }
  }

  return {
    get,
    look,
    patchStatus,
    /**
     * The order's key is written on the Rollout first, together with the first change where there is one. Whoever finds a
     * newer key there has been overtaken; whoever finds its own goes on from what it sees.
     */
    conduct: (place, told, orderFor, signal) =>
      tellOnce(told, signal, async (still) => {
        for (let turn = 0; turn < TURNS; turn += 1) {
          const situation = await look(place, signal);
          const { rollout } = situation;
          const claim = claimOf(rollout.metadata, told.key);
          if (claim === 'overtaken') return;
          const order = await orderFor(situation);
          const action = nextFor(order, situation);
          still();
          const as = { key: told.key, cause: causeOf(order) };
          if (action.kind === 'patch') await patch(place, rollout, as, action, signal);
          else if (claim === 'none') await patch(place, rollout, as, NO_CHANGES, signal);
          else if (action.kind === 'none') return;
          else if (action.kind === 'status') await patchStatus(place, rollout, action.status, signal);
          else await waitFor(place, action, signal);
        }
        throw new BackendError(`${nameOf(place)} does not come to be as it was told`, { final: false });
      }),
  };
}

/** For whoever reads the Rollout's history. */
function causeOf(order: Order): string {
  const { version, sha } = order.change;
  if (order.kind === 'back') return `GoNoGo: back to ${order.to ?? 'nothing'}, from ${version}`;
  const share = order.kind === 'all' ? 100 : order.percent;
  return `GoNoGo: ${version} (${sha.slice(0, 12)}) to ${share} %`;
}

function listOf({ namespace }: RolloutPlace): string {
  return `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts`;
}

function pathOf(place: RolloutPlace): string {
  return `${listOf(place)}/${place.rollout}`;
}
