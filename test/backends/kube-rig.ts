/** A Deployment in the local API server, and a backend that drives it, for each test anew. */

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BACKENDS } from '../../src/backends/index.ts';
import type { DeployBackend } from '../../src/backends/port.ts';
import { adapterContext } from '../adapter-context.ts';
import { commanded, changeTo as toRelease } from '../changes.ts';
import { type Controller, createDeploymentController } from './kube-server/deployments.ts';
import { rulesIn } from './kube-server/rbac.ts';
import { createKubeServer, type KubeServer } from './kube-server/server.ts';

export const rbacFile = (name: string): string =>
  fileURLToPath(new URL(`../../deploy/rbac/${name}.yaml`, import.meta.url));

/** As a node says it of what it pulled by the version's name. */
export const digestOf = (version: string): string =>
  `sha256:${createHash('sha256').update(version).digest('hex')}`;

const RELEASES = ['v2.0.3', 'v2.0.4', 'v2.1.0', 'v2.1.1'].map((version, index) => ({
  version,
  sha: String(index).repeat(40),
  digest: digestOf(version),
  built_at: new Date(Date.UTC(2026, 0, index + 1)).toISOString(),
}));

/** Also to one that nobody lists. */
export function changeTo(version: string, previous: string) {
  const release = RELEASES.find((one) => one.version === version);
  return commanded(
    toRelease(release ?? { version, sha: '9'.repeat(40), digest: digestOf(version) }, previous),
  );
}

/** Backends of one kind on the local API server, and the files that they read. */
export interface OpenedBackends {
  folder: string;
  /** The file with what can be deployed. */
  releases: string;
  open(place?: Record<string, unknown>, connection?: Record<string, unknown>): DeployBackend;
  /** As they stand in gonogo.yml. */
  settings(place?: Record<string, unknown>, connection?: Record<string, unknown>): object;
  close(): Promise<void>;
}

export interface KubeRig extends OpenedBackends {
  server: KubeServer;
  controller: Controller;
  backend: DeployBackend;
}

/** `workload`: what is driven, as its settings name it. */
export function backendsOn(
  server: KubeServer,
  kind: 'kubernetes' | 'argo-rollouts',
  workload: Record<string, string>,
): OpenedBackends {
  const folder = mkdtempSync(join(tmpdir(), `${kind}-`));
  const releases = join(folder, 'releases.json');
  writeFileSync(releases, JSON.stringify(RELEASES));
  const token = join(folder, 'token');
  writeFileSync(token, server.token);
  const settings: OpenedBackends['settings'] = (
    place = {},
    connection = { server: server.url, token: `file:${token}` },
  ) => ({
    connection,
    services: {
      checkout: {
        production: {
          namespace: 'shop',
          ...workload,
          containers: ['checkout'],
          image: `${IMAGE}@{digest}`,
          releases: { file: releases },
          ...place,
        },
      },
    },
  });
  const backends: DeployBackend[] = [];
  return {
    folder,
    releases,
    settings,
    open(place, connection) {
      const context = adapterContext({ folder, variables: { KUBE_TOKEN: server.token } });
      const backend = BACKENDS.open({ kind, settings: settings(place, connection) }, context);
      backends.push(backend);
      return backend;
    },
    async close() {
      for (const one of backends) await one.close?.();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function endedWith(opened: OpenedBackends, server: KubeServer): Promise<void> {
  await opened.close();
  await server.close();
}

export const IMAGE = 'registry.example.com/checkout';

/** What somebody put there long before GoNoGo. */
export function template(image: string) {
  return {
    metadata: { labels: { app: 'checkout' } },
    spec: {
      containers: [
        { name: 'checkout', image, ports: [{ containerPort: 8080 }] },
        { name: 'sidecar', image: 'registry.example.com/sidecar:1' },
      ],
    },
  };
}

/** One certificate for everything: it is its own authority. */
export const tlsFile = (name: 'server.pem' | 'server.key'): string =>
  fileURLToPath(new URL(`../metrics/tls/${name}`, import.meta.url));

export async function createKubeRig({ tls = false } = {}): Promise<KubeRig> {
  const server = await createKubeServer({
    rules: rulesIn(rbacFile('kubernetes')),
    ...(tls ? { tls: certificates() } : {}),
  });
  const opened = backendsOn(server, 'kubernetes', { deployment: 'checkout' });
  server.put({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'checkout', labels: { app: 'checkout' } },
    spec: {
      replicas: 4,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { app: 'checkout' } },
      template: template(`${IMAGE}:v2.0.4`),
    },
    status: {},
  });
  const controller = createDeploymentController(server, 'checkout');
  controller.settle();
  return { ...opened, server, controller, backend: opened.open(), close: () => endedWith(opened, server) };
}

function certificates() {
  const cert = readFileSync(tlsFile('server.pem'));
  return { cert, key: readFileSync(tlsFile('server.key')), ca: cert };
}

/** What the conformance suite does alike to both kinds. */
export function onCluster(
  rig: OpenedBackends & {
    backend: DeployBackend;
    server: KubeServer;
    controller: Pick<Controller, 'settle' | 'trouble'>;
  },
) {
  return {
    backend: rig.backend,
    change: changeTo('v2.1.0', 'v2.0.4'),
    next: 'v2.1.1',
    async settle() {
      rig.controller.settle();
    },
    async breakDown() {
      const restore = rig.server.breakDown();
      return async () => restore();
    },
    async hang() {
      const goOn = rig.server.hang();
      return async () => goOn();
    },
    async getStuck() {
      rig.controller.trouble = 'no-image';
    },
    async reopen() {
      return rig.open();
    },
    close: () => rig.close(),
  };
}
