/** What is said of a release after its start: told to whom it concerns, and not asked for at every look. */

import { afterEach, describe, expect, it } from 'vitest';
import type { DeployBackend } from '../../src/backends/port.ts';
import { earliestStart, offeredStartAt } from '../../src/conductor/place-facts.ts';
import { createLog } from '../../src/log.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { actor, createRig, onlyInstance, PEOPLE, type Rig } from './rig.ts';

const rigs: Rig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

const CHECKOUT = { service: 'checkout', version: 'v2.1.0' };

const KIND = { changeType: 'normal', deploymentType: 'feature', risk: 'medium', database: 'none' } as const;

async function typesOf(rig: Rig, id: string): Promise<string[]> {
  return (await rig.stores.events.events(id)).map(({ type }) => type);
}

/** In production only this gate is asked for, and until the hand-over. */
const withLateGate =
  (id: string) =>
  (policy: Policy): Policy => ({
    ...policy,
    gates: new Map([...policy.gates, [id, { id, name: id, rule: { kind: 'passed' } }]]),
    environments: policy.environments.map((environment) =>
      environment.id === 'production' ? { ...environment, gates: [], handOverGates: [id] } : environment,
    ),
  });

describe('What is said of a release while it rolls out', () => {
  it('GT-1: is heard at the next look, where it came while the backend was asked', async () => {
    let during = async (): Promise<void> => {};
    const around = (world: DeployBackend): DeployBackend => ({
      ...world,
      async observe(...args) {
        await during();
        return world.observe(...args);
      },
    });
    const rig = await createRig({
      policy: withLateGate('load_test'),
      backends: (world) => onlyInstance(around(world)),
    });
    rigs.push(rig);
    const { id } = await rig.request('v2.1.0');
    await rig.signAll(id);
    await rig.pass(5 * MINUTE);
    const before = await typesOf(rig, id);
    during = async () => {
      during = async () => {};
      const report = { gate: 'load_test', status: 'passed', at: rig.clock.now(), by: 'ci' } as const;
      expect(await rig.stores.releases.report(CHECKOUT, report, rig.clock.now())).toBe('new');
    };
    await rig.pass(MINUTE);
    await rig.pass(MINUTE);
    expect((await typesOf(rig, id)).slice(before.length)).toEqual(['gate_reported']);
    expect((await rig.load(id)).evidence.gates.load_test?.passed).toBe(true);
    await rig.pass(3 * MINUTE);
    expect((await typesOf(rig, id)).slice(before.length)).toEqual(['gate_reported']);
  });

  it('GT-8: that it came to its end in the environment before is heard, though nobody reports it', async () => {
    const rig = await createRig({ policy: withLateGate('staging_deployed') });
    rigs.push(rig);
    const production = await rig.request('v2.1.0');
    await rig.signAll(production.id);
    await rig.pass(5 * MINUTE);
    const staging = await rig.request('v2.1.0', { environment: 'staging', strategy: 'all-at-once' });
    await rig.pass(DAY, async () => (await typesOf(rig, staging.id)).includes('verified'));
    expect((await rig.load(staging.id)).status).toBe('observing');
    await rig.pass(2 * MINUTE);
    expect((await rig.load(production.id)).evidence.gates.staging_deployed).toMatchObject({
      passed: true,
      report: { by: staging.id },
    });
  });
});

/** What runs in staging bakes there for two hours before production opens to it. */
const baking = (policy: Policy): Policy => ({
  ...policy,
  promotion: 'in_order',
  environments: policy.environments.map((environment) =>
    environment.id === 'staging' ? { ...environment, bake: 2 * HOUR } : environment,
  ),
});

describe('What is said of a release where it bakes', () => {
  it('GT-8, WN-1: offers its start after it has baked, and a rollback there holds it further on, once', async () => {
    const rig = await createRig({ policy: baking });
    rigs.push(rig);
    const staging = await rig.request('v2.1.0', { environment: 'staging', strategy: 'all-at-once' });
    await rig.pass(DAY, async () => (await rig.load(staging.id)).status === 'observing');
    const baked = ((await rig.load(staging.id)).rollout?.completedAt ?? 0) + 2 * HOUR;
    const known = { ...rig, policy: () => rig.policy, log: createLog({ level: 'silent' }) };
    const asked = { ...CHECKOUT, environment: 'production', strategy: 'canary', ...KIND } as const;
    expect(await earliestStart(known, asked)).toBe(baked);
    expect(await offeredStartAt(known, asked)).toBeGreaterThanOrEqual(baked);
    expect(await earliestStart(known, { ...asked, changeType: 'emergency' })).toBeUndefined();

    const production = await rig.request('v2.1.0');
    await rig.signAll(production.id);
    await rig.pass(DAY, async () => (await rig.load(production.id)).status === 'rolling_out');
    expect((await rig.load(production.id)).rollout?.startedAt).toBeGreaterThanOrEqual(baked);
    expect(await earliestStart(known, asked)).toBeUndefined();
    const taken = await rig.conductor.handle({
      intent: { kind: 'take_back', of: staging.id, why: 'errors' },
      actor: actor(rig.policy, PEOPLE.omar),
    });
    if (taken.kind !== 'accepted') throw new Error(`refused: ${JSON.stringify(taken)}`);
    await rig.pass(MINUTE, async () => (await rig.load(production.id)).status === 'held');
    expect((await rig.load(production.id)).rollout?.hold?.reason).toBe(
      `v2.1.0 was rolled back in staging (${taken.deployment.id}: errors)`,
    );
    await rig.does(PEOPLE.dana, production.id, { kind: 'resume', reason: 'It is well here.' });
    await rig.pass(5 * MINUTE);
    expect((await typesOf(rig, production.id)).filter((type) => type === 'held')).toHaveLength(1);
  });
});
