/** A real process stopped for eight seconds with a command on its way: only what the adapter keeps can save what came meanwhile. */

import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, connect, createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BACKENDS } from '../../src/backends/index.ts';
import { BackendError, type Commanded, type DeployBackend } from '../../src/backends/port.ts';
import { type Running, run, until } from '../../src/cli/real/processes.ts';
import type { BackendStep } from '../../src/terms/plan.ts';
import { type Duration, SECOND } from '../../src/time.ts';
import { adapterContext } from '../adapter-context.ts';
import { canary, createArgoRig, stops } from '../backends/argo-rig.ts';
import { share } from '../backends/conformance/subject.ts';
import { standingStill } from '../backends/faults.ts';
import { CHANGE } from '../backends/github-rig.ts';
import { startGithub } from '../backends/github-server.ts';
import { digestOf as githubDigest, TOKEN } from '../backends/github-state.ts';
import { createHaproxyRig, release } from '../backends/haproxy-rig.ts';
import { changeTo, createKubeRig } from '../backends/kube-rig.ts';
import { createWebhookRig, digestOf, VARIABLES } from '../backends/webhook-rig.ts';
import { missingPrograms } from './installed.ts';
import type { Telling } from './teller.ts';

const STOPPED_FOR: Duration = 8 * SECOND;
const TELLER = fileURLToPath(new URL('teller.ts', import.meta.url));

interface World {
  /** What the process that will be stopped is opened with: on its way something keeps its first command. */
  teller: Pick<Telling, 'instance' | 'folder' | 'variables'>;
  isHeld: Promise<void>;
  letGo(): void;
  /** The same backend, as another process opens it. */
  backend: DeployBackend;
  change: Commanded & { previous: string };
  step: BackendStep;
  settle(): Promise<void>;
  /** How often the world was changed by commands. */
  carriedOut(): number | Promise<number>;
  close(): Promise<void>;
}

interface Between {
  url: string;
  isHeld: Promise<void>;
  letGo(): void;
  close(): void;
}

/** Before a server: keeps the first command on its way until it is let go, as the network of a stopped process does. */
async function between(target: string, isCommand: RegExp): Promise<Between> {
  const still = standingStill();
  let hold = true;
  const proxy = createHttp(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (hold && isCommand.test(`${request.method} ${request.url}`)) {
      hold = false;
      await still.hold();
    }
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
    });
    const type = answer.headers.get('content-type') ?? 'application/json';
    response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    ...still,
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

async function githubWorld(): Promise<World> {
  const github = await startGithub();
  github.now = Date.now();
  github.deploy({ payload: { version: 'v2.0.4', digest: githubDigest('v2.0.4') } });
  const proxy = await between(github.url, /^POST .*\/dispatches$/);
  const folder = mkdtempSync(join(tmpdir(), 'github-'));
  const variables = { GITHUB_TOKEN: TOKEN };
  const environments = { production: { workflow: 'deploy.yml', steps: ['set-weight'] } };
  const instance = (url: string) => ({
    kind: 'github-actions',
    settings: {
      api_url: url,
      auth: { token: 'env:GITHUB_TOKEN' },
      services: {
        checkout: { repository: 'acme/checkout', artifact: { image: 'ghcr.io/acme/checkout' }, environments },
      },
    },
  });
  const backend = BACKENDS.open(instance(github.url), adapterContext({ variables, folder }));
  return {
    teller: { instance: instance(proxy.url), folder, variables },
    isHeld: proxy.isHeld,
    letGo: proxy.letGo,
    backend,
    change: { ...CHANGE, deployment: 'D-7', sequence: 9 },
    step: { kind: 'set-weight', percent: 25 },
    async settle() {
      // A run that was overtaken is cancelled once it is seen.
      await backend.observe(CHANGE);
      github.goOn();
      await backend.observe(CHANGE);
    },
    carriedOut: () => github.runs.filter(({ conclusion }) => conclusion === 'success').length,
    async close() {
      proxy.close();
      await backend.close?.();
      await github.close();
    },
  };
}

async function webhookWorld(): Promise<World> {
  const rig = await createWebhookRig();
  const proxy = await between(rig.settings.url, /\/apply$/);
  const settings = { ...rig.settings, url: proxy.url };
  const { version, previous } = { version: 'v2.1.0', previous: 'v2.0.4' };
  return {
    teller: {
      instance: { kind: 'webhook', settings },
      folder: mkdtempSync(join(tmpdir(), 'told-')),
      variables: VARIABLES,
    },
    isHeld: proxy.isHeld,
    letGo: proxy.letGo,
    backend: BACKENDS.open(
      { kind: 'webhook', settings: rig.settings },
      adapterContext({ variables: VARIABLES }),
    ),
    change: {
      ...{ service: 'checkout', environment: 'production', version, previous },
      ...{ sha: '1'.repeat(40), digest: digestOf(version), deployment: 'D-7', sequence: 9 },
    },
    step: { kind: 'set-weight', percent: 25 },
    settle: async () => {},
    carriedOut: () => rig.state().keys.length,
    async close() {
      proxy.close();
      await rig.close();
    },
  };
}

async function haproxyWorld(): Promise<World> {
  const rig = await createHaproxyRig();
  const still = standingStill();
  let hold = true;
  const through = join(rig.folder, 'through.sock');
  const proxy = createSocket({ allowHalfOpen: true }, (from) => {
    from.on('error', () => {});
    const to = connect(rig.socket);
    to.on('error', () => from.destroy());
    to.pipe(from);
    from.on('data', async (command) => {
      if (hold && /^set server/.test(command.toString())) {
        hold = false;
        await still.hold();
      }
      to.write(command);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(through, resolve));
  const { version, sha, digest } = release('v2.1.0');
  const change = { service: 'checkout', environment: 'production', version, sha, digest, previous: 'v2.0.4' };
  return {
    teller: {
      instance: { kind: 'haproxy', settings: rig.settings({}, through) as Record<string, unknown> },
      folder: rig.state,
      variables: {},
    },
    ...still,
    backend: rig.haproxy,
    change: { ...change, deployment: 'D-7', sequence: 9 },
    step: { kind: 'set-weight', percent: 25 },
    async settle() {
      await rig.haproxy.idle();
    },
    carriedOut: () => rig.activations.length,
    async close() {
      proxy.close();
      await rig.close();
    },
  };
}

/** A promotion that is made twice is at 75 %. */
async function argoWorld(): Promise<World> {
  const rig = await createArgoRig(canary(stops(25, 75)));
  const still = standingStill();
  rig.server.holdNextWrite(still.hold);
  const change = { ...changeTo('v2.1.0', 'v2.0.4'), deployment: 'D-7', sequence: 9 };
  return {
    teller: {
      instance: { kind: 'argo-rollouts', settings: rig.settings() as Record<string, unknown> },
      folder: rig.folder,
      variables: {},
    },
    ...still,
    backend: rig.backend,
    change,
    step: { kind: 'set-weight', percent: 25 },
    async settle() {
      rig.controller.settle();
    },
    carriedOut: async () => ((await rig.backend.observe(change)).weight === 25 ? 1 : 2),
    close: () => rig.close(),
  };
}

async function kubernetesWorld(): Promise<World> {
  const rig = await createKubeRig();
  const still = standingStill();
  rig.server.holdNextWrite(still.hold);
  return {
    teller: {
      instance: { kind: 'kubernetes', settings: rig.settings() as Record<string, unknown> },
      folder: rig.folder,
      variables: {},
    },
    ...still,
    backend: rig.backend,
    change: { ...changeTo('v2.1.0', 'v2.0.4'), deployment: 'D-7', sequence: 9 },
    step: { kind: 'replace' },
    async settle() {
      rig.controller.settle();
    },
    carriedOut: () => rig.server.writes.length,
    close: () => rig.close(),
  };
}

const missing = missingPrograms('haproxy');
const WORLDS: [string, () => Promise<World>][] = [
  ['webhook', webhookWorld],
  ['github-actions', githubWorld],
  ['kubernetes', kubernetesWorld],
  ['argo-rollouts', argoWorld],
  ...(missing.length === 0 ? [['haproxy', haproxyWorld] as [string, () => Promise<World>]] : []),
];

it('RB-1: every kind of backend is stopped with a command on its way', () => {
  const inOneProcess = ['simulator', ...missing];
  expect([...WORLDS.map(([kind]) => kind), ...inOneProcess].sort()).toEqual([...BACKENDS.kinds].sort());
});

/** Its state as the kernel says it: T is stopped. */
async function stopped({ child }: Running): Promise<void> {
  child.kill('SIGSTOP');
  await until('the process stands still', async () =>
    / T /.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8')),
  );
}

/** GitHub cannot say what became of a dispatch that another has begun: it is told again later. */
async function told(command: Promise<void>): Promise<void> {
  await command.catch((error: unknown) => {
    if (!(error instanceof BackendError) || error.final) throw error;
  });
}

describe.concurrent.each(WORLDS)(
  'a process that stands still for 8 s with a command to %s',
  (_kind, open) => {
    async function whileStopped(world: World, meanwhile: () => Promise<void>): Promise<void> {
      const { change, step } = world;
      const telling: Telling = { ...world.teller, change, step, key: 'D-7:9' };
      const teller = run(process.execPath, ['--import', 'tsx', TELLER, JSON.stringify(telling)]);
      const ended = new Promise<number | null>((resolve) => teller.child.once('exit', resolve));
      try {
        await world.isHeld;
        await stopped(teller);
        const from = Date.now();
        await meanwhile();
        await world.settle();
        await new Promise((resolve) => setTimeout(resolve, STOPPED_FOR - (Date.now() - from)));
        world.letGo();
        teller.child.kill('SIGCONT');
        expect(await ended, teller.output()).toBe(0);
        await world.settle();
      } finally {
        await teller.stop();
      }
    }

    it('RB-1: what another has told and taken back meanwhile stays taken back', async () => {
      const world = await open();
      const { backend, change, step } = world;
      await whileStopped(world, async () => {
        await told(backend.apply(change, step, 'D-7:9'));
        await world.settle();
        await backend.rollback({ ...change, sequence: 12 }, change.previous, 'D-7:12');
      });
      expect(await backend.observe(change)).toMatchObject({
        stable: change.previous,
        canary: null,
        weight: 0,
      });
      await world.close();
    });

    it('RB-1: a rollback that another told stands, though the step had reached nobody before it', async () => {
      const world = await open();
      const { backend, change } = world;
      await whileStopped(world, () =>
        backend.rollback({ ...change, sequence: 12 }, change.previous, 'D-7:12'),
      );
      expect(await backend.observe(change)).toMatchObject({
        stable: change.previous,
        canary: null,
        weight: 0,
      });
      await world.close();
    });

    it('RB-1: a command that another has told meanwhile is carried out once', async () => {
      const world = await open();
      const { backend, change, step } = world;
      await whileStopped(world, () => told(backend.apply(change, step, 'D-7:9')));
      expect(share(await backend.observe(change), change.version)).toBe(step.kind === 'replace' ? 100 : 25);
      expect(await world.carriedOut()).toBe(1);
      await world.close();
    });
  },
);
