/** The parts of Kubernetes' objects that are read here; whatever else they hold is kept as it is. */

import { z } from 'zod';
import { BackendError } from '../port.ts';

const strings = z.record(z.string(), z.string());
const count = z.int().min(0).default(0);

const metadata = z.looseObject({
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.int().default(0),
  labels: strings.default({}),
  annotations: strings.default({}),
  deletionTimestamp: z.string().optional(),
  ownerReferences: z
    .array(z.looseObject({ uid: z.string(), controller: z.boolean().default(false) }))
    .default([]),
});

const container = z.looseObject({ name: z.string(), image: z.string().optional() });

/** Without defaults: a template goes back as it came, or it would be another one. */
export const templateSchema = z.looseObject({
  metadata: z.looseObject({ labels: strings.optional(), annotations: strings.optional() }).optional(),
  spec: z.looseObject({
    containers: z.array(container),
    initContainers: z.array(container).optional(),
  }),
});

export type Template = z.output<typeof templateSchema>;

export const selectorSchema = z.looseObject({
  matchLabels: strings.default({}),
  matchExpressions: z
    .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
    .default([]),
});

export type Selector = z.output<typeof selectorSchema>;

export const conditions = z
  .array(
    z.looseObject({
      type: z.string(),
      status: z.string(),
      reason: z.string().default(''),
      message: z.string().default(''),
    }),
  )
  .default([]);

export const metadataSchema = metadata;

export const deploymentSchema = z.looseObject({
  metadata,
  spec: z.looseObject({
    replicas: z.int().min(0).default(1),
    paused: z.boolean().default(false),
    selector: selectorSchema,
    template: templateSchema,
  }),
  status: z
    .looseObject({
      observedGeneration: z.int().default(0),
      replicas: count,
      updatedReplicas: count,
      availableReplicas: count,
      conditions,
    })
    .prefault({}),
});

export type Deployment = z.output<typeof deploymentSchema>;

export const replicaSetSchema = z.looseObject({
  metadata,
  spec: z.looseObject({ replicas: z.int().min(0).default(1), template: templateSchema }),
  status: z.looseObject({ replicas: count, readyReplicas: count }).prefault({}),
});

export type ReplicaSet = z.output<typeof replicaSetSchema>;

const containerStatus = z.looseObject({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.int().default(0),
  imageID: z.string().default(''),
  state: z
    .looseObject({
      waiting: z.looseObject({ reason: z.string().default(''), message: z.string().default('') }).optional(),
    })
    .prefault({}),
});

export const podSchema = z.looseObject({
  metadata,
  spec: z
    .looseObject({
      containers: z.array(container).default([]),
      initContainers: z.array(container).default([]),
    })
    .prefault({}),
  status: z
    .looseObject({
      phase: z.string().default('Unknown'),
      conditions,
      containerStatuses: z.array(containerStatus).default([]),
      initContainerStatuses: z.array(containerStatus).default([]),
    })
    .prefault({}),
});

export type Pod = z.output<typeof podSchema>;

/** What the server sent, as what it should be; in words where it isn't. */
export function read<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BackendError(`${what} is not as Kubernetes says: ${issue?.path.join('.')}: ${issue?.message}`, {
    final: false,
  });
}

/** As the API takes it in a query. */
export function labelSelector({ matchLabels, matchExpressions }: z.output<typeof selectorSchema>): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = matchExpressions.map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
  });
  return [...labels, ...expressions].join(',');
}

export function isControlledBy(object: { metadata: z.output<typeof metadata> }, uid: string): boolean {
  return object.metadata.ownerReferences.some((owner) => owner.uid === uid && owner.controller);
}
