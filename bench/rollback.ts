/**
 * From the handler of a click to the backend's command, with 1,000 rollouts live that all want to be looked at, Slack
 * answering 429 to everything, and calls to the adapters that hang (RB-1). Conductor, record in a file, and renderer.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployBackend } from '../src/backends/port.ts';
import { defaultCatalogue } from '../src/backends/simulator.ts';
import { createClock } from '../src/clock.ts';
import type { Instance, Instances } from '../src/conductor/instances.ts';
import type { Pump } from '../src/conductor/pump.ts';
import { createLog } from '../src/log.ts';
import type { Policy } from '../src/policy/policy.ts';
import { createClients } from '../src/slack/clients.ts';
import { createRenderer } from '../src/slack/renderer.ts';
import { MINUTE } from '../src/time.ts';
import { createRig, PEOPLE, type Rig } from '../test/conductor/rig.ts';
import { renderLive } from '../views/live-message.ts';
import { fixed, printTable, quantile } from './table.ts';

const LIVE = Number(process.env.BENCH_LIVE ?? 1_000);
const CLICKS = 200;
const LIMIT = 8;
const log = createLog({ level: 'silent' });

export async function benchRollback(): Promise<void> {
  const rows = [await measured(2), await measured(8)];
  printTable(
    `From a click's handler to the backend's command, ${CLICKS} rollbacks with ${LIVE} rollouts live and Slack at 429 (Node ${process.versions.node})`,
    ['calls that hang', 'p50', 'p99', 'longest', 'calls to Slack refused meanwhile'],
    rows,
  );
}

async function measured(instances: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-bench-'));
  const slack = await refusingSlack();
  const services = Array.from({ length: LIVE }, (_, index) => `s${index}`);
  const backends = hangingBackends(instances);
  let renderer: Pump | undefined;
  const rig = await createRig({
    file: join(folder, 'gonogo.db'),
    policy: (example) => withServices(example, services, instances),
    catalogue: Object.fromEntries(services.map((name) => [name, checkout()])),
    backends: backends.instances,
    onCommit: () => renderer?.poke(),
  });
  try {
    renderer = rendererOf(rig, slack.url);
    const ids = await rollOut(rig, services);
    backends.hang();
    rig.clock.advance(2 * MINUTE);
    await backends.full();
    const times: number[] = [];
    for (let click = 0; click < CLICKS; click += 1) {
      // All that are live are due again, as they are once a minute.
      rig.clock.advance(MINUTE);
      const service = services[click * Math.floor(LIVE / CLICKS)] ?? '';
      const since = performance.now();
      const told = backends.told(service);
      await rig.does(PEOPLE.dana, ids.get(service) ?? '', {
        kind: 'roll_back',
        why: 'the bench asks for it',
      });
      times.push((await told) - since);
    }
    const hanging = backends.underWay();
    const at = (q: number): string => `${fixed(quantile(times, q), 1)} ms`;
    return [String(hanging), at(0.5), at(0.99), at(1), String(slack.refused())];
  } finally {
    backends.letGo();
    await renderer?.stop();
    await rig.close();
    await slack.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rollOut(rig: Rig, services: readonly string[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const service of services) {
    const { id } = await rig.request('v2.1.0', { service, environment: 'staging', strategy: 'canary' });
    ids.set(service, id);
  }
  await rig.conductor.idle();
  return ids;
}

function rendererOf(rig: Rig, slackApiUrl: string): Pump {
  const { outbound } = createClients({ token: 'xoxb-bench', slackApiUrl, log });
  const renderer = createRenderer({
    stores: rig.stores,
    client: outbound,
    log,
    clock: createClock(),
    render: (message, deployment, event, more) =>
      renderLive(message, deployment, event, { policy: rig.policy, ...more }),
    pictureOf: async () => undefined,
    onUnshown() {},
  });
  renderer.poke();
  return renderer;
}

/** Takes every call, and answers each that it is one too many. */
async function refusingSlack() {
  let refused = 0;
  const server = createServer((request, response) => {
    refused += 1;
    request.resume();
    response.writeHead(429, { 'retry-after': '1' }).end('{"ok":false,"error":"ratelimited"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    refused: () => refused,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whatever they are asked hangs, once they are told to, but for the rollback itself. */
function hangingBackends(instances: number) {
  const waiting = new Map<string, (at: number) => void>();
  const pending = new Set<() => void>();
  const atLimit: (() => void)[] = [];
  let hangs = false;
  const hang = async (): Promise<void> => {
    if (!hangs) return;
    await new Promise<never>((_resolve, reject) => {
      pending.add(() => reject(new Error('let go')));
      if (pending.size >= instances * LIMIT) for (const resolve of atLimit.splice(0)) resolve();
    });
  };
  const around = (world: DeployBackend): DeployBackend => ({
    ...world,
    async apply(...args) {
      await hang();
      return world.apply(...args);
    },
    async observe(...args) {
      if (!waiting.has(args[0].service)) await hang();
      return world.observe(...args);
    },
    async rollback(...args) {
      waiting.get(args[0].service)?.(performance.now());
      return world.rollback(...args);
    },
  });
  return {
    hang() {
      hangs = true;
    },
    underWay: () => pending.size,
    full: () => (pending.size >= instances * LIMIT ? undefined : new Promise<void>((r) => atLimit.push(r))),
    told: (service: string) => new Promise<number>((resolve) => waiting.set(service, resolve)),
    letGo() {
      hangs = false;
      for (const end of pending) end();
      pending.clear();
    },
    instances(world: DeployBackend): Instances<DeployBackend> {
      const all = new Map<string, Instance<DeployBackend>>(
        Array.from({ length: instances }, (_, index) => [
          `b${index}`,
          { adapter: around(world), limit: LIMIT },
        ]),
      );
      return { find: ({ name }) => all.get(name) };
    },
  };
}

function checkout() {
  const service = defaultCatalogue.checkout;
  if (service === undefined) throw new Error('the catalogue has no checkout');
  return service;
}

/** The example's checkout many times over, on so many instances of its backend in turn. */
function withServices(example: Policy, services: readonly string[], instances: number): Policy {
  const one = example.services.get('checkout');
  const simulator = example.backends.get('simulator');
  if (one === undefined || simulator === undefined) throw new Error('the example has no checkout');
  const backends = Array.from({ length: instances }, (_, index) => ({ ...simulator, name: `b${index}` }));
  return {
    ...example,
    backends: new Map(backends.map((backend) => [backend.name, backend])),
    services: new Map(
      services.map((name, index) => [name, { ...one, name, backend: `b${index % instances}` }]),
    ),
  };
}
