/** The parts of a Rollout that are read here, as its CRD has them; whatever else it holds is kept as it is. */

import { z } from 'zod';
import { conditions, metadataSchema, selectorSchema, templateSchema } from '../kubernetes/objects.ts';

/** By it a ReplicaSet, its pods and the Rollout's status speak of the same template. */
export const HASH = 'rollouts-pod-template-hash';

const count = z.int().min(0).default(0);
const amount = z.union([z.int(), z.string()]);
const hash = z.string().default('');

const stepSchema = z.looseObject({
  setWeight: z.int().optional(),
  pause: z.looseObject({ duration: amount.optional() }).optional(),
  analysis: z.unknown().optional(),
  experiment: z.unknown().optional(),
  plugin: z.unknown().optional(),
});

export type CanaryStep = z.output<typeof stepSchema>;

const canarySchema = z.looseObject({
  steps: z.array(stepSchema).default([]),
  trafficRouting: z.looseObject({ maxTrafficWeight: z.int().min(1).optional() }).optional(),
  maxSurge: amount.default('25%'),
});

const blueGreenSchema = z.looseObject({
  autoPromotionEnabled: z.boolean().default(true),
  previewReplicaCount: z.int().min(0).optional(),
});

const destination = z.looseObject({ weight: z.int().default(0), podTemplateHash: hash });

const statusSchema = z.looseObject({
  /** A number in words; what Argo Rollouts has not looked at yet has none. */
  observedGeneration: z.string().default(''),
  currentPodHash: hash,
  stableRS: hash,
  currentStepIndex: z.int().min(0).optional(),
  pauseConditions: z
    .array(z.looseObject({ reason: z.string() }))
    .nullish()
    .transform((all) => all ?? []),
  controllerPause: z.boolean().default(false),
  abort: z.boolean().default(false),
  promoteFull: z.boolean().default(false),
  phase: z.string().default(''),
  message: z.string().default(''),
  replicas: count,
  updatedReplicas: count,
  availableReplicas: count,
  conditions,
  canary: z
    .looseObject({
      weights: z
        .looseObject({ canary: destination, stable: destination, verified: z.boolean().nullish() })
        .nullish(),
    })
    .prefault({}),
  blueGreen: z.looseObject({ activeSelector: hash }).prefault({}),
});

export const rolloutSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({
    replicas: z.int().min(0).default(1),
    paused: z.boolean().default(false),
    selector: selectorSchema,
    template: templateSchema,
    strategy: z
      .looseObject({ canary: canarySchema.nullish(), blueGreen: blueGreenSchema.nullish() })
      .prefault({}),
  }),
  status: statusSchema.prefault({}),
});

export type Rollout = z.output<typeof rolloutSchema>;

/** Its status speaks of what it is told now. */
export function isObserved({ metadata, status }: Rollout): boolean {
  return Number.parseInt(status.observedGeneration, 10) >= metadata.generation;
}

/** What it is told to run is what it calls stable: nothing is under way. */
export function isPromoted({ status }: Rollout): boolean {
  return status.stableRS !== '' && status.stableRS === status.currentPodHash;
}

/** It stands at a stop and waits for a person. */
export function isAtPause({ status }: Rollout): boolean {
  return status.pauseConditions.some(({ reason }) => PAUSES.has(reason));
}

const PAUSES = new Set(['CanaryPauseStep', 'BlueGreenPause']);

/** It was told to go on and has not begun to. */
export function isUnpausing({ status }: Rollout): boolean {
  return status.controllerPause && status.pauseConditions.length === 0;
}
