/**
 * From the handler of a click to the backend's command, with 1,000 rollouts live that all want to be looked at, Slack
 * answering 429 to everything, and calls to the adapters that hang (RB-1). Conductor, record in a file, and renderer.
 */

import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployBackend } from '../src/backends/port.ts';
import { defaultCatalogue } from '../src/backends/simulator.ts';
import { createClock } from '../src/clock.ts';
import type { Instance, Instances } from '../src/conductor/instances.ts';
import type { Pump } from '../src/conductor/pump.ts';
import type { Policy } from '../src/policy/policy.ts';
import { MINUTE } from '../src/time.ts';
import { createRig, PEOPLE, type Rig } from '../test/conductor/rig.ts';
import { bareRenderer } from '../test/slack/bare-renderer.ts';
import { fixed, printTable, quantile } from './table.ts';
import { benchTold } from './told.ts';

/** So many stay live while the others go back. */
const LIVE = 1_000;
const CLICKS = 100;
const INSTANCES = 8;
/** Calls to each instance that may be under way at once, and then all hang. */
const LIMITS = [2, 8];
const P99_WITHIN_MS = 100;

export async function benchRollback(): Promise<void> {
  const missed = [...(await fromClickToCommand()), ...(await benchTold())];
  for (const each of missed) process.stdout.write(`missed: ${each}\n`);
  process.stdout.write(missed.length === 0 ? 'Every target is met.\n' : '');
  if (missed.length > 0) process.exitCode = 1;
}

/** Answers with what misses its target. */
async function fromClickToCommand(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-bench-'));
  const slack = await refusingSlack();
  const services = Array.from({ length: LIVE + CLICKS * LIMITS.length }, (_, index) => `s${index}`);
  const backends = hangingBackends();
  let renderer: Pump | undefined;
  const rig = await createRig({
    file: join(folder, 'gonogo.db'),
    policy: (example) => withServices(example, services),
    catalogue: Object.fromEntries(services.map((name) => [name, checkout()])),
    backends: backends.instances,
    onCommit: () => renderer?.poke(),
  });
  try {
    renderer = bareRenderer(rig, slack.url, createClock());
    renderer.poke();
    const ids = await rollOut(rig, services);
    const rows: string[][] = [];
    const missed: string[] = [];
    for (const limit of LIMITS) {
      backends.hang(limit);
      rig.clock.advance(2 * MINUTE);
      await backends.full();
      const refused = slack.refused();
      const times: number[] = [];
      for (const service of services.splice(0, CLICKS))
        times.push(await clickOn(rig, backends, ids, service));
      const at = (q: number): string => `${fixed(quantile(times, q), 1)} ms`;
      if (quantile(times, 0.99) > P99_WITHIN_MS)
        missed.push(`p99 of a rollback is ${at(0.99)} while ${backends.underWay()} calls hang`);
      rows.push([
        String(backends.underWay()),
        at(0.5),
        at(0.99),
        at(1),
        String(slack.refused() - refused),
        syncsOf(folder),
      ]);
    }
    printTable(
      `From a click's handler to the backend's command, ${CLICKS} rollbacks with ${LIVE} rollouts live and Slack at 429; target of the p99 ${P99_WITHIN_MS} ms (Node ${process.versions.node})`,
      [
        'calls that hang',
        'p50',
        'p99',
        'longest',
        'calls that Slack refused',
        'this disk syncs in p50 / p99',
      ],
      rows,
    );
    return missed;
  } finally {
    backends.letGo();
    await renderer?.stop();
    await rig.close();
    await slack.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function clickOn(
  rig: Rig,
  backends: ReturnType<typeof hangingBackends>,
  ids: ReadonlyMap<string, string>,
  service: string,
): Promise<number> {
  // All that are live are due again at once, as they are once a minute.
  rig.clock.advance(MINUTE);
  const since = performance.now();
  const told = backends.told(service);
  const why = 'the bench asks for it';
  await rig.does(PEOPLE.dana, ids.get(service) ?? '', { kind: 'roll_back', why });
  return (await told) - since;
}

/** A rollback is on the disk before anybody is told: what one such wait takes here. */
function syncsOf(folder: string): string {
  const file = openSync(join(folder, 'synced'), 'w');
  const times = Array.from({ length: 100 }, () => {
    const since = performance.now();
    writeSync(file, Buffer.alloc(8_192));
    fsyncSync(file);
    return performance.now() - since;
  });
  closeSync(file);
  return `${fixed(quantile(times, 0.5), 1)} / ${fixed(quantile(times, 0.99), 1)} ms`;
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
function hangingBackends() {
  const waiting = new Map<string, (at: number) => void>();
  const pending = new Set<() => void>();
  const atLimit: (() => void)[] = [];
  const all = new Map<string, Instance<DeployBackend>>();
  let most = Number.POSITIVE_INFINITY;
  const hang = async (): Promise<void> => {
    if (most === Number.POSITIVE_INFINITY) return;
    await new Promise<never>((_resolve, reject) => {
      pending.add(() => reject(new Error('let go')));
      if (pending.size >= most) for (const resolve of atLimit.splice(0)) resolve();
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
    hang(limit: number) {
      most = limit * INSTANCES;
      for (const instance of all.values()) instance.limit = limit;
    },
    underWay: () => pending.size,
    full: () => (pending.size >= most ? undefined : new Promise<void>((r) => atLimit.push(r))),
    told: (service: string) => new Promise<number>((resolve) => waiting.set(service, resolve)),
    letGo() {
      most = Number.POSITIVE_INFINITY;
      for (const end of pending) end();
      pending.clear();
    },
    instances(world: DeployBackend): Instances<DeployBackend> {
      for (let index = 0; index < INSTANCES; index += 1)
        all.set(`b${index}`, { adapter: around(world), limit: 8 });
      return {
        find: ({ name }) => all.get(name),
        all: () => [...all].map(([name, instance]) => [{ name, kind: 'simulator' }, instance]),
      };
    },
  };
}

function checkout() {
  const service = defaultCatalogue.checkout;
  if (service === undefined) throw new Error('the catalogue has no checkout');
  return service;
}

/** The example's checkout many times over, on so many instances of its backend in turn. */
function withServices(example: Policy, services: readonly string[]): Policy {
  const one = example.services.get('checkout');
  const simulator = example.backends.get('simulator');
  if (one === undefined || simulator === undefined) throw new Error('the example has no checkout');
  const backends = Array.from({ length: INSTANCES }, (_, index) => ({ ...simulator, name: `b${index}` }));
  return {
    ...example,
    backends: new Map(backends.map((backend) => [backend.name, backend])),
    services: new Map(
      services.map((name, index) => [name, { ...one, name, backend: `b${index % INSTANCES}` }]),
    ),
  };
}
