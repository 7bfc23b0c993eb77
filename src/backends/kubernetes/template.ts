/** The ways back to a pod template that ran before, and to none at all, for whatever has ReplicaSets. Pure. */

import type { Release } from '../port.ts';
import { type ImageSettings, type Operation, REPLICAS, versionOf } from './image.ts';
import type { ReplicaSet, Template } from './objects.ts';
import { revisionOf } from './revision.ts';

export interface Changes {
  operations: Operation[];
  /** Of the workload itself; undefined takes one away. */
  annotations: Record<string, string | undefined>;
}

interface Workload {
  metadata: { annotations: Record<string, string> };
  spec: { replicas: number; template: Template };
}

/** The newest ReplicaSet that ran the version, by its revision. */
export function newestOf(
  replicaSets: readonly ReplicaSet[],
  version: string,
  settings: ImageSettings,
  releases: readonly Release[],
): ReplicaSet | undefined {
  return replicaSets
    .filter((set) => versionOf(set.spec.template, settings, releases) === version)
    .sort((a, b) => revisionOf(b) - revisionOf(a))[0];
}

/** As `kubectl rollout undo` takes it: without the label by which its pods were told apart. */
export function templateOf({ spec: { template } }: ReplicaSet, hash: string): Template {
  const { [hash]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** There was nothing before it: the workload stays, without a pod. */
export function takenOut(
  { spec: { replicas, template } }: Workload,
  settings: ImageSettings,
  { version }: { version: string },
): Changes {
  if (replicas === 0 || versionOf(template, settings) !== version) return { operations: [], annotations: {} };
  return {
    operations: [{ op: 'add', path: '/spec/replicas', value: 0 }],
    annotations: { [REPLICAS]: String(replicas) },
  };
}

/** What was taken out gets its pods back with the next version. */
export function replicasBack({ metadata, spec }: Workload): Changes {
  const before = Number(metadata.annotations[REPLICAS]);
  if (!(before > 0)) return { operations: [], annotations: {} };
  const annotations = { [REPLICAS]: undefined };
  return spec.replicas > 0
    ? { operations: [], annotations }
    : { operations: [{ op: 'add', path: '/spec/replicas', value: before }], annotations };
}
