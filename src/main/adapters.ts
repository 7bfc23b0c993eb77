/** The adapters that the policy and the record name: opened once, and kept for what is on its way. */

import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdapterContext } from '../adapters/kind.ts';
import type { Registry } from '../adapters/registry.ts';
import { readSecret, type Variables } from '../adapters/secrets.ts';
import { BACKENDS } from '../backends/index.ts';
import type { DeployBackend } from '../backends/port.ts';
import type { SimulatedWorld } from '../backends/simulator.ts';
import { every } from '../conductor/every.ts';
import type { Instance, Instances } from '../conductor/instances.ts';
import type { Stores } from '../conductor/ports/stores.ts';
import { defined } from '../defined.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { LIVE } from '../deployment/lifecycle.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message-of.ts';
import { METRICS } from '../metrics/index.ts';
import type { MetricsSource } from '../metrics/port.ts';
import { NOTIFIERS } from '../notifiers/index.ts';
import type { Notifier } from '../notifiers/port.ts';
import type { AdapterInstance, Policy } from '../policy/policy.ts';
import { SIGNALS } from '../signals/index.ts';
import type { SignalSource } from '../signals/port.ts';
import type { AdapterRef } from '../terms/adapters.ts';
import type { Clock } from '../time.ts';
import { StartError } from './start-error.ts';

export interface Adapters {
  backends: Instances<DeployBackend>;
  metrics: Instances<MetricsSource>;
  signals: Instances<SignalSource>;
  notifiers: Instances<Notifier>;
  /** Opens what the services of a policy name; all or none, and it throws where one cannot be opened. */
  open(policy: Policy): void;
  /** Looks whether those that deployments on their way were asked under are still there, whatever the services name now. */
  openFrozen(stores: Stores, policy: Policy): Promise<void>;
  close(): Promise<void>;
}

export interface AdaptersOptions {
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Where secrets of the form `env:NAME` are. */
  variables: Variables;
  /** The record's file: what adapters must remember lies beside it. */
  db: string;
  world?: () => SimulatedWorld;
  /** Takes the built-in simulator where the file declares none; else that is refused, so that nobody deploys to nowhere in silence. */
  demo?: boolean;
}

export function createAdapters(options: AdaptersOptions): Adapters {
  const folderOf = stateFolder(options.db);
  const backends = createShelf(BACKENDS, 'backends', options, folderOf);
  const metrics = createShelf(METRICS, 'metrics', options, folderOf);
  const signals = createShelf(SIGNALS, 'signals', options, folderOf);
  const notifiers = createShelf(NOTIFIERS, 'notifiers', options, folderOf);
  return {
    backends,
    metrics,
    signals,
    notifiers,
    open(policy) {
      const services = [...policy.services.values()];
      const named = {
        backends: services.map(({ backend }) => backend),
        metrics: services.map(({ metrics: name }) => name),
        signals: services.flatMap(({ signals: names }) => names),
        // All there are: what ended under another policy may still have to call.
        notifiers: [...policy.notifiers.keys()],
      };
      if (options.demo !== true) refuseUndeclared(policy);
      const ready = [
        backends.prepare(policy.backends, named.backends),
        metrics.prepare(policy.metrics, named.metrics),
        signals.prepare(policy.signals, named.signals),
        notifiers.prepare(policy.notifiers, named.notifiers),
      ];
      for (const take of ready) take();
    },
    async openFrozen(stores, policy) {
      for await (const deployment of every(stores.events, { statuses: LIVE }))
        openFor(deployment, { backends, metrics, signals }, policy);
    },
    async close() {
      await Promise.all([backends.close(), metrics.close(), signals.close(), notifiers.close()]);
    },
  };
}

/** Said at the start, by `gonogo check`, and where a changed file is read. */
export function undeclared({ services, backends, metrics }: Policy): string[] {
  const all = [...services.values()];
  const deployed = all.filter(({ backend }) => backends.get(backend)?.declared === false);
  const measured = all.filter((service) => metrics.get(service.metrics)?.declared === false);
  const lines = [
    { services: deployed, words: 'nothing real deploys', list: 'backends' },
    { services: measured, words: 'nothing real measures', list: 'metrics' },
  ];
  return lines
    .filter((line) => line.services.length > 0)
    .map(
      ({ services: of, words, list }) =>
        `${words} ${of.map(({ name }) => name).join(', ')}: only the built-in simulator, which is for the demo. ` +
        `Name one of ${list}:, or declare there "simulator: { kind: simulator }" to try GoNoGo without.`,
    );
}

function refuseUndeclared(policy: Policy): void {
  const problems = undeclared(policy);
  if (problems.length > 0) throw new Error(problems.join('\n  '));
}

interface Shelf<T> extends Instances<T> {
  /** Opens what is new or changed, and answers with what puts it in place. */
  prepare(declared: ReadonlyMap<string, AdapterInstance>, names: readonly string[]): () => void;
  close(): Promise<void>;
}

interface OpenInstance<T> extends Instance<T> {
  ref: AdapterRef;
  /** What it was opened on. */
  from: string;
}

function createShelf<T extends { close?(): Promise<void> }>(
  registry: Registry<T>,
  list: 'backends' | 'metrics' | 'signals' | 'notifiers',
  options: AdaptersOptions,
  folderOf: (...names: string[]) => string,
): Shelf<T> {
  const open = new Map<string, OpenInstance<T>>();
  const replaced: T[] = [];
  const contextOf = (name: string): AdapterContext => ({
    name,
    secret: (reference) => readSecret(reference, options.variables),
    clock: options.clock,
    log: options.log.child({ adapter: `${list}.${name}` }),
    fetch,
    folder: () => folderOf(list, name),
    ...defined({ world: options.world }),
  });
  const openOne = (instance: AdapterInstance): OpenInstance<T> => {
    try {
      const adapter = registry.open(instance, contextOf(instance.name));
      return { ref: instance, adapter, limit: instance.limit, from: JSON.stringify(instance) };
    } catch (error) {
      throw new Error(`${list}.${instance.name} cannot be opened: ${messageOf(error)}`, { cause: error });
    }
  };
  return {
    find: (of) => open.get(keyOf(of)),
    all: () => [...open.values()].map((instance) => [instance.ref, instance] as const),
    prepare(declared, names) {
      const wanted = [...new Set(names)].flatMap((name) => declared.get(name) ?? []);
      const changed = wanted.filter((one) => open.get(keyOf(one))?.from !== JSON.stringify(one));
      const opened = changed.map((instance) => [keyOf(instance), openOne(instance)] as const);
      return () => {
        for (const [key, instance] of opened) {
          const before = open.get(key)?.adapter;
          // Calls of the one before may be under way: it is closed with the program.
          if (before !== undefined) replaced.push(before);
          open.set(key, instance);
        }
      };
    },
    async close() {
      const all = [...replaced, ...[...open.values()].map(({ adapter }) => adapter)];
      await Promise.all(all.map((adapter) => adapter.close?.()));
    },
  };
}

function keyOf({ name, kind }: AdapterRef): string {
  return `${kind} ${name}`;
}

/** What was frozen at the request carries it to its end: where the file lost it, the start says so. */
function openFor(
  { id, terms: { adapters } }: Deployment,
  shelves: { backends: Shelf<DeployBackend>; metrics: Shelf<MetricsSource>; signals: Shelf<SignalSource> },
  policy: Policy,
): void {
  if (adapters === undefined) return;
  for (const [list, ref, declared] of [
    ['backends', adapters.backend, policy.backends],
    ['metrics', adapters.metrics, policy.metrics],
    ...(adapters.signals ?? []).map((ref) => ['signals', ref, policy.signals] as const),
  ] as const) {
    const found = declared.get(ref.name);
    if (found?.kind !== ref.kind) {
      const now = found === undefined ? 'not there any more' : `a ${found.kind} now`;
      throw new StartError(
        `${id} is on its way and cannot go on: it was asked for with ${list}.${ref.name}, a ${ref.kind}, which is ${now}.`,
      );
    }
    try {
      shelves[list].prepare(declared, [ref.name])();
    } catch (error) {
      throw new StartError(`${id} is on its way and cannot go on: ${messageOf(error)}`, { cause: error });
    }
  }
}

/** Beside the record; a record in memory forgets, and so do its adapters. */
function stateFolder(db: string): (...names: string[]) => string {
  let root: string | undefined = db === ':memory:' ? undefined : `${db}.adapters`;
  return (...names) => {
    root ??= mkdtempSync(join(tmpdir(), 'gonogo-adapters-'));
    const folder = join(root, ...names);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  };
}
