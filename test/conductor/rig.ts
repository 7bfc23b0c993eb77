/** The conductor with a real record, a simulated world and a clock that a test moves; no Slack. */

import { readFileSync } from 'node:fs';
import { openDatabase } from '../../db/open.ts';
import type { DeployBackend } from '../../src/backends/port.ts';
import { type Catalogue, createSimulatedWorld, type SimulatedWorld } from '../../src/backends/simulator.ts';
import { type Conductor, createConductor } from '../../src/conductor/conductor.ts';
import type { Instances } from '../../src/conductor/instances.ts';
import { planRequest } from '../../src/conductor/plan-request.ts';
import type { Woken } from '../../src/conductor/ports/event-store.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { defined } from '../../src/defined.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Actor, Intent } from '../../src/deployment/intents.ts';
import { createLog } from '../../src/log.ts';
import type { Notifier } from '../../src/notifiers/port.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Details } from '../../src/terms/change.ts';
import type { PersonRef } from '../../src/terms/person.ts';
import { type Duration, type Instant, MINUTE } from '../../src/time.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';

export const PEOPLE = {
  dana: { id: 'U0DANA00001', name: 'Dana' },
  tom: { id: 'U0TOM000002', name: 'Tom' },
  sana: { id: 'U0SANA00003', name: 'Sana' },
  omar: { id: 'U0OMAR00004', name: 'Omar' },
} satisfies Record<string, PersonRef>;

export interface Rig {
  clock: ManualClock;
  stores: Stores;
  world: SimulatedWorld;
  /** What new requests are planned under; a test may put another in its place. */
  policy: Policy;
  conductor: Conductor;
  /** Requests as Dana, whatever the answer. */
  ask(version: string, more?: Partial<Asked>): ReturnType<Conductor['handle']>;
  /** What would come of the same. */
  foresee(version: string, more?: Partial<Asked>): ReturnType<Conductor['preview']>;
  /** Requests as Dana; ends the test where it is refused. */
  request(version: string, more?: Partial<Asked>): Promise<Deployment>;
  does(person: PersonRef, deployment: string, intent: Intent): ReturnType<Conductor['handle']>;
  /** Go from Tom, Sana and Omar. */
  signAll(deployment: string): Promise<void>;
  load(deployment: string): Promise<Deployment>;
  /** Lets time pass, one due thing after the other, until the test says stop or the time is over. */
  pass(by: Duration, until?: () => Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

interface Asked {
  service: string;
  environment: string;
  strategy: string;
  at: Instant;
  details: Partial<Details>;
  /** Why a version is right now that was rolled back. */
  again: string;
  /** Goes back by itself as soon as it is complete (RB-5). */
  drill: true;
  /** The same delivery has the same key. */
  inboxKey: string;
}

/** Every service has this one. */
export function onlyInstance<T>(adapter: T): Instances<T> {
  const instance = { adapter, limit: 8 };
  return { find: () => instance, all: () => [[{ name: 'one', kind: 'simulator' }, instance]] };
}

let example: Policy | undefined;

/** Read once: a test that wants it otherwise makes one of its own of it, as it cannot change this one. */
export function examplePolicy(): Policy {
  example ??= readExample();
  return example;
}

function readExample(): Policy {
  const loaded = loadPolicy(
    readFileSync(new URL('../../gonogo.example.yml', import.meta.url), 'utf8'),
    readPresets(),
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return frozen(loaded.policy);
}

function frozen<T>(value: T): T {
  if (value instanceof Map) for (const inner of value.values()) frozen(inner);
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype;
  if (!isPlain || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value as object)) frozen(inner);
  return value;
}

/** Looking twice an hour after the rollout, as if a day of it said no less: each look costs a test its time. */
function seldomObserved(policy: Policy): Policy {
  return { ...policy, safeguards: { ...policy.safeguards, observeEvery: 30 * MINUTE } };
}

export async function createRig(
  options: {
    seed?: number;
    file?: string;
    /** The example, observed twice an hour, unless told. */
    policy?: (example: Policy) => Policy;
    catalogue?: Catalogue;
    /** What stands between the conductor and the world. */
    backends?: (world: DeployBackend) => Instances<DeployBackend>;
    onCommit?: () => void;
    /** As after a commit, unless told. */
    onLook?: (woken: Woken) => void;
    /** Who calls people. */
    notifiers?: Instances<Notifier>;
  } = {},
): Promise<Rig> {
  const clock = createManualClock();
  const policy = (options.policy ?? ((example) => example))(seldomObserved(examplePolicy()));
  const stores = await openDatabase({ file: options.file ?? ':memory:' });
  const world = createSimulatedWorld({
    seed: options.seed ?? 1,
    clock,
    ...defined({ catalogue: options.catalogue }),
  });
  const conductor = createConductor({
    stores,
    clock,
    log: createLog({ level: 'silent' }),
    policy: () => rig.policy,
    backends: (options.backends ?? onlyInstance)(world.backend),
    metrics: onlyInstance(world.metrics),
    signals: onlyInstance(world.signals),
    ...defined({ notifiers: options.notifiers }),
    onCommit: options.onCommit ?? (() => {}),
    onLook: options.onLook ?? options.onCommit ?? (() => {}),
  });

  async function requestOf(
    version: string,
    {
      service = 'checkout',
      environment = 'production',
      strategy = 'canary',
      at,
      details,
      again,
      drill,
      inboxKey,
    }: Partial<Asked> = {},
  ): Promise<Parameters<Conductor['handle']>[0]> {
    const release = (await world.backend.versions({ service, environment })).find(
      (one) => one.version === version,
    );
    if (release === undefined) throw new Error(`no ${service} ${version}`);
    const intent = await planRequest(
      rig.policy,
      {
        service,
        environment,
        strategy,
        release,
        start: at === undefined ? { kind: 'when_ready' } : { kind: 'at', at },
        details: {
          changeType: 'normal',
          deploymentType: 'feature',
          risk: 'medium',
          database: 'none',
          summary: 'Adds a way to pay.',
          lead: PEOPLE.dana,
          onCall: PEOPLE.omar,
          channel: 'C0CHECKOUT2',
          ...details,
        },
        ...defined({ again, drill }),
      },
      async (role) => (rig.policy.roles.get(role)?.members ?? []).map((id) => ({ id, name: id })),
    );
    return { intent, actor: actor(rig.policy, PEOPLE.dana), ...defined({ inboxKey }) };
  }

  const rig: Rig = {
    clock,
    stores,
    world,
    policy,
    conductor,
    ask: async (version, more) => conductor.handle(await requestOf(version, more)),
    foresee: async (version, more) => conductor.preview(await requestOf(version, more)),
    async request(version, more) {
      const outcome = await rig.ask(version, more);
      if (outcome.kind !== 'accepted') throw new Error(`refused: ${JSON.stringify(outcome)}`);
      return outcome.deployment;
    },
    does: (person, deployment, intent) =>
      conductor.handle({ deployment, intent, actor: actor(rig.policy, person) }),
    async signAll(deployment) {
      for (const person of [PEOPLE.tom, PEOPLE.sana, PEOPLE.omar]) {
        const { envelopeHash } = await rig.load(deployment);
        const outcome = await rig.does(person, deployment, { kind: 'sign', decision: 'go', envelopeHash });
        if (outcome.kind === 'refused') throw new Error(outcome.message);
      }
      await conductor.idle();
    },
    async load(id) {
      const deployment = await stores.events.load(id);
      if (deployment === undefined) throw new Error(`no ${id}`);
      return deployment;
    },
    async pass(by, until = async () => false) {
      const end = clock.now() + by;
      await conductor.idle();
      while (clock.now() < end && !(await until())) {
        clock.moveTo(Math.min(clock.nextAt() ?? end, end));
        await conductor.idle();
      }
    },
    async close() {
      await conductor.stop();
      await stores.close();
      world.close();
    },
  };
  conductor.start();
  return rig;
}

export function actor(policy: Policy, person: PersonRef): Actor {
  const roles = [...policy.roles.values()]
    .filter(({ members }) => members.includes(person.id))
    .map(({ id }) => id);
  return { kind: 'person', person, roles };
}
