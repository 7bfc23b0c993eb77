/** What stands in gonogo.yml for a backend of the kind `kubernetes`. */

import { z } from 'zod';
import { releasesSetting } from '../releases.ts';
import { connectionSetting } from './connection.ts';

/** Names go into paths of the API: nothing else may be in them. */
export const objectName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/)
  .meta({ description: 'a name as Kubernetes takes it: small letters, digits, - and .' });

const container = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
  .meta({ description: 'the name of a container: small letters, digits and -' });

/** What a Deployment and a Rollout have in common. */
export const workload = {
  namespace: objectName,
  containers: z.array(container).min(1).max(20).meta({
    description: 'those that run the image, init containers too; the first says which version runs',
  }),
  image: z
    .string()
    .regex(/^[^\s@{}]+(:\{version\})?@\{digest\}$/)
    .meta({
      description:
        'registry.example.com/checkout@{digest}: what runs is told by digest, and that is filled in',
    }),
  releases: releasesSetting,
};

const place = z.strictObject({
  deployment: objectName.meta({ description: 'the name of the Deployment' }),
  ...workload,
});

export const kubernetesSettings = z.strictObject({
  connection: connectionSetting,
  services: z
    .record(z.string(), z.record(z.string(), place))
    .meta({ description: 'which Deployment it is, by service and environment' }),
});

export type KubernetesSettings = z.output<typeof kubernetesSettings>;
export type DeploymentPlace = z.output<typeof place>;
