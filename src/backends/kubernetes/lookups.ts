/** What is read around a workload: its own ReplicaSets and pods, and the list of what can be deployed. */

import type { AdapterContext } from '../../adapters/kind.ts';
import { BackendError, type Change, type Release } from '../port.ts';
import { type ReleasesSetting, readReleases } from '../releases.ts';
import type { KubeApi } from './api.ts';
import { type ImageSettings, isNameless } from './image.ts';
import {
  isControlledBy,
  labelSelector,
  type Pod,
  podSchema,
  type ReplicaSet,
  read,
  replicaSetSchema,
  type Selector,
  type Template,
} from './objects.ts';

/** A Deployment or a Rollout. */
export interface Workload {
  metadata: { uid: string };
  spec: { selector: Selector; template: Template };
}

export interface WorkloadPlace extends ImageSettings {
  namespace: string;
  releases: ReleasesSetting;
}

export interface Lookups {
  /** Its own, which the selector alone does not say. */
  replicaSetsOf(place: WorkloadPlace, workload: Workload, signal?: AbortSignal): Promise<ReplicaSet[]>;
  podsOf(place: WorkloadPlace, workload: Workload, signal?: AbortSignal): Promise<Pod[]>;
  /** Throws for good where the list does not have it. */
  findRelease(place: WorkloadPlace, version: string, signal?: AbortSignal): Promise<Release>;
  /** Throws for good where the list does not have it, or has another build under its name. */
  refuseUnknown(place: WorkloadPlace, change: Change, signal?: AbortSignal): Promise<void>;
  /** The name of what was there before GoNoGo came may stand nowhere but in the list; empty where nothing needs it. */
  namesFor(place: WorkloadPlace, templates: readonly Template[], signal?: AbortSignal): Promise<Release[]>;
  versions(place: WorkloadPlace, signal?: AbortSignal): Promise<Release[]>;
}

export function createLookups(api: KubeApi, context: AdapterContext): Lookups {
  const versions: Lookups['versions'] = ({ releases }, signal) => readReleases(releases, context, signal);

  const findRelease: Lookups['findRelease'] = async (place, version, signal) => {
    const release = (await versions(place, signal)).find((one) => one.version === version);
    if (release !== undefined) return release;
    throw new BackendError(`there is no version ${version} to deploy`, { final: true });
  };

  return {
    async replicaSetsOf({ namespace }, { metadata, spec }, signal) {
      const query = { labelSelector: labelSelector(spec.selector) };
      const path = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
      const all = await api.list(path, query, signal);
      return all
        .map((one) => read(replicaSetSchema, one, 'a ReplicaSet'))
        .filter((set) => isControlledBy(set, metadata.uid));
    },
    async podsOf({ namespace }, { spec }, signal) {
      const query = { labelSelector: labelSelector(spec.selector) };
      const all = await api.list(`/api/v1/namespaces/${namespace}/pods`, query, signal);
      return all.map((pod) => read(podSchema, pod, 'a pod'));
    },
    findRelease,
    async refuseUnknown(place, { version, digest }, signal) {
      const release = await findRelease(place, version, signal);
      if (release.digest === digest) return;
      throw new BackendError(
        `${version} in the list of releases is ${release.digest}, and ${digest} was signed`,
        { final: true },
      );
    },
    async namesFor(place, templates, signal) {
      if (!templates.some((template) => isNameless(template, place))) return [];
      try {
        return await versions(place, signal);
      } catch (error) {
        context.log.warn(
          { err: error },
          'what runs has no name but its digest, and the list of releases is away',
        );
        return [];
      }
    },
    versions,
  };
}
