/** A Rollout in the local API server, and a backend that leads it, for each test anew. */

import type { DeployBackend } from '../../src/backends/port.ts';
import { backendsOn, endedWith, IMAGE, type OpenedBackends, rbacFile, template } from './kube-rig.ts';
import type { KubeObject } from './kube-server/objects.ts';
import { rulesIn } from './kube-server/rbac.ts';
import { rolloutCrd } from './kube-server/rollout-crd.ts';
import { createRolloutController, type RolloutController } from './kube-server/rollouts.ts';
import { createKubeServer, type KubeServer } from './kube-server/server.ts';

export interface ArgoRig extends OpenedBackends {
  server: KubeServer;
  controller: RolloutController;
  backend: DeployBackend;
  rollout(): KubeObject;
  /** As somebody with kubectl does it. */
  byHand(change: (rollout: KubeObject) => void, part?: 'main' | 'status'): void;
}

const stop = (percent: number): object[] => [{ setWeight: percent }, { pause: {} }];
export const stops = (...percents: number[]): object[] => percents.flatMap(stop);

/** It stands up whole and without traffic first. */
export const PREVIEW = [
  { setCanaryScale: { weight: 100 } },
  ...stop(0),
  { setCanaryScale: { matchTrafficWeight: true } },
];

const ROUTED = { stableService: 'stable', canaryService: 'canary', trafficRouting: { nginx: {} } };

export const canary = (steps: object[], more: object = ROUTED): object => ({ canary: { steps, ...more } });
export const BLUE_GREEN = {
  blueGreen: { activeService: 'active', previewService: 'preview', autoPromotionEnabled: false },
};

export async function createArgoRig(
  strategy: object = canary(stops(5, 25, 50, 75)),
  { replicas = 4, spec = {} }: { replicas?: number; spec?: object } = {},
): Promise<ArgoRig> {
  const server = await createKubeServer({
    rules: rulesIn(rbacFile('argo-rollouts')),
    custom: [rolloutCrd()],
  });
  const opened = backendsOn(server, 'argo-rollouts', { rollout: 'checkout' });
  server.put({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'checkout', labels: { app: 'checkout' } },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'checkout' } },
      template: template(`${IMAGE}:v2.0.4`),
      strategy,
      ...spec,
    },
    status: {},
  });
  const controller = createRolloutController(server, 'checkout');
  controller.settle();
  // It looks at every change, and takes its time for the rest.
  server.afterWrite = () => void setImmediate(() => controller.turn());
  return {
    ...opened,
    server,
    controller,
    backend: opened.open(),
    rollout() {
      const found = server.get('rollouts', 'checkout');
      if (found === undefined) throw new Error('no Rollout');
      return found;
    },
    byHand(change, part) {
      server.update('rollouts', 'checkout', change, part);
      controller.settle();
    },
    close: () => endedWith(opened, server),
  };
}
