/** Which template of a workload was there when: its controller counts them up, and again where an old one comes back. */

/** Deployments write the one, Argo Rollouts the other. */
const REVISIONS = ['deployment.kubernetes.io/revision', 'rollout.argoproj.io/revision'];

export function revisionOf({ metadata }: { metadata: { annotations: Record<string, string> } }): number {
  const written = REVISIONS.find((name) => metadata.annotations[name] !== undefined);
  return written === undefined ? 0 : Number(metadata.annotations[written]);
}
