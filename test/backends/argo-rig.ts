/** A Rollout in the local API server, and a backend that leads it, for each test anew. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACKENDS } from '../../src/backends/index.ts';
import type { DeployBackend } from '../../src/backends/port.ts';
import { adapterContext } from '../adapter-context.ts';
import { IMAGE, RELEASES, rbacFile, template } from './kube-rig.ts';
import { rulesIn } from './kube-server/rbac.ts';
import { rolloutCrd } from './kube-server/rollout-crd.ts';
import { createRolloutController, type RolloutController } from './kube-server/rollouts.ts';
import { createKubeServer, type KubeObject, type KubeServer } from './kube-server/server.ts';

export interface ArgoRig {
  server: KubeServer;
  controller: RolloutController;
  backend: DeployBackend;
  folder: string;
  open(place?: Record<string, unknown>): DeployBackend;
  /** As they stand in gonogo.yml. */
  settings(place?: Record<string, unknown>): object;
  rollout(): KubeObject;
  /** As somebody with kubectl does it. */
  byHand(change: (rollout: KubeObject) => void, part?: 'main' | 'status'): void;
  close(): Promise<void>;
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
  const folder = mkdtempSync(join(tmpdir(), 'argo-'));
  const releases = join(folder, 'releases.json');
  writeFileSync(releases, JSON.stringify(RELEASES));
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
  const backends: DeployBackend[] = [];
  const token = join(folder, 'token');
  writeFileSync(token, server.token);
  const settings: ArgoRig['settings'] = (place = {}) => ({
    connection: { server: server.url, token: `file:${token}` },
    services: {
      checkout: {
        production: {
          namespace: 'shop',
          rollout: 'checkout',
          containers: ['checkout'],
          image: `${IMAGE}@{digest}`,
          releases: { file: releases },
          ...place,
        },
      },
    },
  });
  const open: ArgoRig['open'] = (place) => {
    const context = adapterContext({ folder });
    const backend = BACKENDS.open({ kind: 'argo-rollouts', settings: settings(place) }, context);
    backends.push(backend);
    return backend;
  };
  return {
    server,
    controller,
    folder,
    open,
    settings,
    backend: open(),
    rollout() {
      const found = server.get('rollouts', 'checkout');
      if (found === undefined) throw new Error('no Rollout');
      return found;
    },
    byHand(change, part) {
      server.update('rollouts', 'checkout', change, part);
      controller.settle();
    },
    async close() {
      for (const one of backends) await one.close?.();
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
