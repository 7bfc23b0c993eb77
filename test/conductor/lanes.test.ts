/** A rollback has a lane that nothing else can fill, and one adapter that hangs fills nobody else's (RB-1). */

import { afterEach, describe, expect, it } from 'vitest';
import type { DeployBackend } from '../../src/backends/port.ts';
import { defaultCatalogue } from '../../src/backends/simulator.ts';
import type { Instance, Instances } from '../../src/conductor/instances.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { createRig, PEOPLE, type Rig } from './rig.ts';

const INSTANCES = 8;
const LIMIT = 8;
const SERVICES = Array.from({ length: INSTANCES * LIMIT }, (_, index) => `s${index}`);

/** Services on eight instances of a backend, in turn. */
function manyServices(example: Policy): Policy {
  const checkout = example.services.get('checkout');
  const simulator = example.backends.get('simulator');
  if (checkout === undefined || simulator === undefined) throw new Error('the example has changed');
  const backends = Array.from({ length: INSTANCES }, (_, index) => ({ ...simulator, name: `b${index}` }));
  return {
    ...example,
    backends: new Map(backends.map((backend) => [backend.name, backend])),
    services: new Map(
      SERVICES.map((name, index) => [name, { ...checkout, name, backend: `b${index % INSTANCES}` }]),
    ),
  };
}

/** Counts every call as it reaches the backend, and keeps those that were told to hang until the end. */
function hangingBackends() {
  const told: string[] = [];
  const pending = new Set<() => void>();
  let hangs: (instance: string) => boolean = () => false;
  const through = async (instance: string, what: string): Promise<void> => {
    told.push(`${instance} ${what}`);
    if (hangs(instance)) {
      await new Promise<never>((_resolve, reject) => {
        pending.add(() => reject(new Error('let go')));
      });
    }
  };
  const around = (world: DeployBackend, name: string): DeployBackend => ({
    ...world,
    async apply(...args) {
      await through(name, `apply ${args[0].service}`);
      return world.apply(...args);
    },
    async observe(...args) {
      await through(name, `observe ${args[0].service}`);
      return world.observe(...args);
    },
    async rollback(...args) {
      await through(name, `rollback ${args[0].service}`);
      return world.rollback(...args);
    },
  });
  return {
    told,
    underWay: () => pending.size,
    hang(which: typeof hangs) {
      hangs = which;
    },
    letGo() {
      hangs = () => false;
      for (const end of pending) end();
      pending.clear();
    },
    instances(world: DeployBackend): Instances<DeployBackend> {
      const all = new Map<string, Instance<DeployBackend>>(
        Array.from({ length: INSTANCES }, (_, index) => {
          const name = `b${index}`;
          return [name, { adapter: around(world, name), limit: LIMIT }];
        }),
      );
      return {
        find: ({ name }) => all.get(name),
        all: () => [...all].map(([name, instance]) => [{ name, kind: 'simulator' }, instance]),
      };
    },
  };
}

const template = defaultCatalogue.checkout;
if (template === undefined) throw new Error('the simulator has changed');
const catalogue = Object.fromEntries(SERVICES.map((name) => [name, template]));

let rig: Rig;
let backends: ReturnType<typeof hangingBackends>;

async function openRig(): Promise<void> {
  backends = hangingBackends();
  rig = await createRig({ policy: manyServices, catalogue, backends: backends.instances });
}

afterEach(async () => {
  backends.letGo();
  await rig.close();
});

/** Whatever can happen without time passing has happened once this many turns of the loop change nothing. */
async function settled(): Promise<void> {
  for (let calm = 0, before = -1; calm < 20; calm += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (backends.told.length !== before) calm = 0;
    before = backends.told.length;
  }
}

async function rollOut(services: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const service of services) {
    const { id } = await rig.request('v2.1.0', { service, environment: 'staging', strategy: 'canary' });
    ids.push(id);
  }
  await rig.conductor.idle();
  return ids;
}

const rollBack = (id: string) => rig.does(PEOPLE.dana, id, { kind: 'roll_back', why: 'asked for' });

describe('a rollback', () => {
  it('RB-1: is told while 64 calls hang, on every instance there is', async () => {
    await openRig();
    const ids = await rollOut(SERVICES);
    backends.hang(() => true);
    rig.clock.advance(2 * MINUTE);
    await settled();
    expect(backends.underWay()).toBe(INSTANCES * LIMIT);
    backends.told.length = 0;
    await rollBack(ids[0] ?? '');
    await settled();
    expect(backends.told.filter((call) => call.includes('rollback'))).toEqual(['b0 rollback s0']);
  });

  it('RB-1: is told while as many rollbacks hang on another instance as it takes', async () => {
    await openRig();
    const on = (instance: number) => SERVICES.filter((_, index) => index % INSTANCES === instance);
    const ids = await rollOut([...on(0), ...on(1).slice(0, 1)]);
    backends.hang((instance) => instance === 'b0');
    for (const id of ids) await rollBack(id);
    await settled();
    expect(backends.told).toContain('b1 rollback s1');
    rig.clock.advance(10 * SECOND);
    await settled();
    expect((await rig.load(ids.at(-1) ?? '')).status).toBe('rolled_back');
  });
});

describe('an instance that hangs', () => {
  it('K-9: has its limit of calls under way and no more, and the others go on', async () => {
    await openRig();
    const ids = await rollOut(SERVICES);
    backends.hang((instance) => instance !== 'b7');
    rig.clock.advance(2 * MINUTE);
    await settled();
    backends.told.length = 0;
    rig.clock.advance(2 * MINUTE);
    await settled();
    expect(backends.told.every((call) => call.startsWith('b7 '))).toBe(true);
    expect(backends.told.length).toBeGreaterThanOrEqual(LIMIT);
    expect(ids).toHaveLength(SERVICES.length);
  });
});
