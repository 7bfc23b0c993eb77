/** A real process stopped for eight seconds with a command on its way: only what the adapter keeps can save what came meanwhile. */

import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { connect, createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BACKENDS } from '../../src/backends/index.ts';
import type { Commanded, DeployBackend } from '../../src/backends/port.ts';
import { freePorts, type Running, run, until } from '../../src/cli/real/processes.ts';
import type { Step } from '../../src/terms/plan.ts';
import { type Duration, SECOND } from '../../src/time.ts';
import { adapterContext } from '../adapter-context.ts';
import { share } from '../backends/conformance.ts';
import { standingStill } from '../backends/faults.ts';
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
  step: Step;
  settle(): Promise<void>;
  /** How often the world was changed by commands. */
  carriedOut(): number | Promise<number>;
  close(): Promise<void>;
}

async function webhookWorld(): Promise<World> {
  const rig = await createWebhookRig();
  const still = standingStill();
  let hold = true;
  const [port = 0] = await freePorts(1);
  const proxy = createHttp(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (hold) {
      hold = false;
      await still.hold();
    }
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
    const answer = await fetch(`${rig.settings.url}${request.url}`, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: Buffer.concat(parts),
    });
    response.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve));
  const settings = { ...rig.settings, url: `http://127.0.0.1:${port}` };
  const { version, previous } = { version: 'v2.1.0', previous: 'v2.0.4' };
  return {
    teller: {
      instance: { kind: 'webhook', settings },
      folder: mkdtempSync(join(tmpdir(), 'told-')),
      variables: VARIABLES,
    },
    ...still,
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
      proxy.closeAllConnections();
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
  ['kubernetes', kubernetesWorld],
  ...(missing.length === 0 ? [['haproxy', haproxyWorld] as [string, () => Promise<World>]] : []),
];

/** Its state as the kernel says it: T is stopped. */
async function stopped({ child }: Running): Promise<void> {
  child.kill('SIGSTOP');
  await until('the process stands still', async () =>
    / T /.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8')),
  );
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
        await backend.apply(change, step, 'D-7:9');
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
      await whileStopped(world, () => backend.apply(change, step, 'D-7:9'));
      expect(share(await backend.observe(change), change.version)).toBe(step.kind === 'replace' ? 100 : 25);
      expect(await world.carriedOut()).toBe(1);
      await world.close();
    });
  },
);
