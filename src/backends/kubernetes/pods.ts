/** What pods say about why they do not run. Pure. */

import { digestIn } from './image.ts';
import type { Pod } from './objects.ts';

/** The kubelet tries again and again; only another version or another cluster mends these. */
const WILL_NOT_START = new Set(['InvalidImageName', 'CreateContainerConfigError']);
const FAILING = new Set([
  ...WILL_NOT_START,
  'CrashLoopBackOff',
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'CreateContainerError',
  'RunContainerError',
]);
/** A first crash may be bad luck; by the third it is a loop. */
const RESTARTS_OF_A_LOOP = 3;

function statuses({ status }: Pod) {
  return [...status.initContainerStatuses, ...status.containerStatuses];
}

export function isReady(pod: Pod): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    pod.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  );
}

export function isFailing(pod: Pod): boolean {
  return (
    pod.status.phase === 'Failed' ||
    statuses(pod).some(({ state }) => FAILING.has(state.waiting?.reason ?? ''))
  );
}

/** `checkout-5d9c-x2: ImagePullBackOff: manifest unknown`; undefined where none has trouble. */
export function troubleOf(pods: readonly Pod[]): string | undefined {
  for (const pod of pods) {
    const waiting = statuses(pod).find(({ state }) => FAILING.has(state.waiting?.reason ?? ''))?.state
      .waiting;
    if (waiting !== undefined) {
      return [pod.metadata.name, waiting.reason, waiting.message].filter(Boolean).join(': ').slice(0, 300);
    }
    const unscheduled = pod.status.conditions.find(
      ({ type, status }) => type === 'PodScheduled' && status === 'False',
    );
    if (unscheduled !== undefined) {
      return `${pod.metadata.name}: ${unscheduled.reason}: ${unscheduled.message}`.slice(0, 300);
    }
  }
  return undefined;
}

/** Those that no waiting helps. */
export function hopeless(pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) =>
    statuses(pod).some(
      ({ state: { waiting }, restartCount }) =>
        WILL_NOT_START.has(waiting?.reason ?? '') ||
        (waiting?.reason === 'CrashLoopBackOff' && restartCount >= RESTARTS_OF_A_LOOP),
    ),
  );
}

/**
 * The digest that a pod runs. Its own spec says it where that is pinned, which something between the template and the
 * pod may have changed; its node only where it is not: of an image for several platforms a node may name a part.
 */
export function digestOf({ spec, status }: Pod, container: string): string | undefined {
  const named = ({ name }: { name: string }): boolean => name === container;
  const asked = [...spec.containers, ...spec.initContainers].find(named)?.image ?? '';
  const told = [...status.containerStatuses, ...status.initContainerStatuses].find(named)?.imageID ?? '';
  return digestIn(asked) ?? digestIn(told);
}
