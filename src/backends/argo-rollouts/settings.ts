/** What stands in gonogo.yml for a backend of the kind `argo-rollouts`. */

import { z } from 'zod';
import { connectionSetting } from '../kubernetes/connection.ts';
import { objectName, workload } from '../kubernetes/settings.ts';

const place = z.strictObject({
  rollout: objectName.meta({ description: 'the name of the Rollout' }),
  ...workload,
});

export const argoSettings = z.strictObject({
  connection: connectionSetting,
  services: z
    .record(z.string(), z.record(z.string(), place))
    .meta({ description: 'which Rollout it is, by service and environment' }),
});

export type ArgoSettings = z.output<typeof argoSettings>;
export type RolloutPlace = z.output<typeof place>;
