/** How many people met the fault of what was rolled back: of all its stages, as far as they were measured. */

import type { Deployment } from '../deployment.ts';

export interface FailedRequests {
  failed: number;
  of: number;
}

/** Undefined where nothing counted errors, or none was seen. */
export function failedRequests({ rollout }: Deployment): FailedRequests | undefined {
  const stages = (rollout?.stages ?? []).flatMap(({ lastLook }) => {
    const errors = lastLook?.metrics.find(({ metric, kind }) => metric === 'errors' && kind === 'counts');
    const percent = errors?.unit === '%' ? errors.canary : undefined;
    return lastLook === undefined || percent == null ? [] : [{ percent, of: lastLook.sample }];
  });
  const failed = stages.reduce((sum, { percent, of }) => sum + (percent / 100) * of, 0);
  const of = stages.reduce((sum, stage) => sum + stage.of, 0);
  return failed < 1 ? undefined : { failed: Math.round(failed), of };
}
