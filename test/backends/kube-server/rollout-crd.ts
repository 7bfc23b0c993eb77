/**
 * The schema of a Rollout, after the published CRD of Argo Rollouts: all that GoNoGo reads or writes, and what surrounds it.
 * What the CRD does not have is refused here; a real server drops it without a word.
 */

import { schemaFor } from './schema.ts';

type Schema = Record<string, unknown>;

const text = { type: 'string' };
const flag = { type: 'boolean' };
const whole = { type: 'integer' };
const intOrString = { type: ['integer', 'string'] };
const moment = { type: 'string', format: 'date-time' };
const anything = { type: 'object' };
const list = (items: Schema): Schema => ({ type: 'array', items });
const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const pause = object({ duration: intOrString });
const step = object({
  setWeight: whole,
  pause,
  analysis: anything,
  experiment: anything,
  plugin: anything,
  setCanaryScale: object({ weight: whole, replicas: whole, matchTrafficWeight: flag }),
  setHeaderRoute: anything,
  setMirrorRoute: anything,
});

const canary = object({
  canaryService: text,
  stableService: text,
  steps: list(step),
  trafficRouting: object({
    nginx: anything,
    istio: anything,
    alb: anything,
    smi: anything,
    plugins: anything,
    maxTrafficWeight: whole,
  }),
  maxUnavailable: intOrString,
  maxSurge: intOrString,
  analysis: anything,
  canaryMetadata: anything,
  stableMetadata: anything,
  scaleDownDelaySeconds: whole,
  abortScaleDownDelaySeconds: whole,
  dynamicStableScale: flag,
});

const blueGreen = object(
  {
    activeService: text,
    previewService: text,
    previewReplicaCount: whole,
    autoPromotionEnabled: flag,
    autoPromotionSeconds: whole,
    scaleDownDelaySeconds: whole,
    prePromotionAnalysis: anything,
    postPromotionAnalysis: anything,
  },
  ['activeService'],
);

const destination = object({ weight: whole, serviceName: text, podTemplateHash: text }, ['weight']);

const status = object({
  HPAReplicas: whole,
  abort: flag,
  abortedAt: moment,
  availableReplicas: whole,
  blueGreen: object({
    activeSelector: text,
    previewSelector: text,
    scaleUpPreviewCheckPoint: flag,
    prePromotionAnalysisRunStatus: anything,
    postPromotionAnalysisRunStatus: anything,
  }),
  canary: object({
    currentBackgroundAnalysisRunStatus: anything,
    currentStepAnalysisRunStatus: anything,
    currentExperiment: text,
    stablePingPong: text,
    weights: object(
      { canary: destination, stable: destination, additional: list(destination), verified: flag },
      ['canary', 'stable'],
    ),
  }),
  collisionCount: whole,
  conditions: list(
    object(
      {
        type: text,
        status: text,
        reason: text,
        message: text,
        lastTransitionTime: moment,
        lastUpdateTime: moment,
      },
      ['lastTransitionTime', 'lastUpdateTime', 'message', 'reason', 'status', 'type'],
    ),
  ),
  controllerPause: flag,
  currentPodHash: text,
  currentStepHash: text,
  currentStepIndex: whole,
  message: text,
  observedGeneration: text,
  pauseConditions: list(object({ reason: text, startTime: moment }, ['reason', 'startTime'])),
  phase: text,
  promoteFull: flag,
  readyReplicas: whole,
  replicas: whole,
  restartedAt: moment,
  selector: text,
  stableRS: text,
  updatedReplicas: whole,
  workloadObservedGeneration: text,
});

export function rolloutCrd() {
  const { definitions: ofTemplate, ...template } = schemaFor('V1PodTemplateSpec');
  const { definitions: ofSelector, ...selector } = schemaFor('V1LabelSelector');
  const { definitions: ofMetadata, ...metadata } = schemaFor('V1ObjectMeta');
  const spec = object({
    analysis: anything,
    minReadySeconds: whole,
    paused: flag,
    progressDeadlineAbort: flag,
    progressDeadlineSeconds: whole,
    replicas: whole,
    restartAt: moment,
    revisionHistoryLimit: whole,
    rollbackWindow: object({ revisions: whole }),
    selector,
    strategy: object({ canary, blueGreen }),
    template,
    workloadRef: object({ apiVersion: text, kind: text, name: text, scaleDown: text }),
  });
  const schema = object({ apiVersion: text, kind: text, metadata, spec, status }, ['spec']);
  return {
    group: 'argoproj.io',
    version: 'v1alpha1',
    plural: 'rollouts',
    kind: 'Rollout',
    schema: { ...schema, definitions: Object.assign({}, ofTemplate, ofSelector, ofMetadata) as object },
  };
}
