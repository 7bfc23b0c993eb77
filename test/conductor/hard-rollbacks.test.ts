/** Rollbacks at bad moments, each with its end (RB-7): the conductor with a real record and a simulated world. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackendError, type Commanded, type DeployBackend } from '../../src/backends/port.ts';
import { TERMINAL } from '../../src/deployment/lifecycle.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/time.ts';
import { actor, createRig, onlyInstance, PEOPLE, type Rig } from './rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

const ended = (id: string) => async () => TERMINAL.has((await rig.load(id)).status);
const types = async (id: string) => (await rig.stores.events.events(id)).map(({ type }) => type);
const rollBack = { kind: 'roll_back', why: 'asked for with one click' } as const;

async function started(version: string, strategy = 'canary'): Promise<string> {
  const { id } = await rig.request(version, { strategy });
  await rig.signAll(id);
  await rig.pass(MINUTE);
  return id;
}

async function handedOver(): Promise<string> {
  const id = await started('v2.1.0', 'all-at-once');
  await rig.pass(HOUR, async () => (await rig.load(id)).status === 'observing');
  await rig.does(PEOPLE.dana, id, { kind: 'hand_over' });
  return id;
}

/** Every rule speaks at its first breach. */
const onFirstBreach = (example: Policy): Policy => {
  const { safeguards } = example;
  const triggers = safeguards.judge.triggers.map((rule) => ({ ...rule, breaches: 1, of: 1 }));
  return { ...example, safeguards: { ...safeguards, judge: { ...safeguards.judge, triggers } } };
};

describe('RB-7: a rollback', () => {
  it('by two people at once is one, and the second hears who was faster', async () => {
    const id = await started('v2.1.0');
    const outcomes = await Promise.all([
      rig.does(PEOPLE.omar, id, rollBack),
      rig.does(PEOPLE.dana, id, rollBack),
    ]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['accepted', 'refused']);
    expect(outcomes.find(({ kind }) => kind === 'refused')).toMatchObject({
      message: expect.stringMatching(/^Someone was faster: .* started by (Omar|Dana), is under way/),
    });
    await rig.pass(MINUTE, ended(id));
    expect((await types(id)).filter((type) => type === 'rollback_started')).toHaveLength(1);
  });

  it('of a person and of the engine at once is one, and the backend is told once', async () => {
    const id = await started('v2.1.0');
    const failing = {
      at: rig.clock.now(),
      stable: 'v2.0.4',
      canary: 'v2.1.0',
      weight: 5,
      health: 'failing',
    } as const;
    await Promise.all([
      rig.does(PEOPLE.omar, id, rollBack),
      rig.conductor.handle({
        deployment: id,
        intent: { kind: 'observed', observation: failing },
        actor: { kind: 'system', name: 'backend' },
      }),
    ]);
    await rig.pass(MINUTE, ended(id));
    expect((await types(id)).filter((type) => /^rollback|rolled_back/.test(type))).toEqual([
      'rollback_started',
      'rolled_back',
    ]);
  });

  it('keeps a newer deployment that waits from starting until it is over and somebody says that it may', async () => {
    const id = await started('v2.1.0', 'all-at-once');
    await rig.pass(HOUR, async () => (await rig.load(id)).status === 'observing');
    const newer = await rig.request('v2.0.3');
    await rig.does(PEOPLE.omar, id, rollBack);
    await rig.signAll(newer.id);
    await rig.pass(HOUR);
    expect(await rig.load(newer.id)).toMatchObject({
      status: 'scheduled',
      start: {
        waiting: {
          for: [
            {
              says: `checkout v2.1.0 was rolled back here after this was asked for (${id}: "${rollBack.why}")`,
            },
          ],
        },
      },
    });
    const override = { kind: 'override', reason: 'It has nothing of what broke.' } as const;
    expect(await rig.does(PEOPLE.tom, newer.id, override)).toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining("You can't override this rollback: ask Dana (lead)"),
    });
    await rig.does(PEOPLE.dana, newer.id, override);
    await rig.pass(HOUR, async () => (await rig.load(newer.id)).status === 'rolling_out');
    expect(await rig.load(newer.id)).toMatchObject({ status: 'rolling_out', previous: 'v2.0.4' });
  });

  it('is no reason to ask for what is asked for afterwards', async () => {
    const id = await started('v2.1.0');
    await rig.does(PEOPLE.omar, id, rollBack);
    await rig.pass(MINUTE, ended(id));
    const next = await started('v2.0.3');
    expect(await rig.load(next)).toMatchObject({ status: 'rolling_out' });
  });

  it('is followed by what was asked for while it was going on: rolled forward as soon as it is over, and not sooner', async () => {
    const id = await started('v2.1.0');
    rig.world.setOutage({ from: rig.clock.now(), to: rig.clock.now() + 4 * MINUTE });
    await rig.does(PEOPLE.omar, id, rollBack);
    await rig.pass(MINUTE);
    const forward = await rig.request('v2.0.3');
    await rig.signAll(forward.id);
    await rig.pass(2 * MINUTE);
    expect(await rig.load(id)).toMatchObject({ status: 'rolling_back' });
    expect(await rig.load(forward.id)).toMatchObject({ status: 'scheduled' });
    await rig.pass(HOUR, async () => (await rig.load(forward.id)).status === 'rolling_out');
    const over = (await rig.load(id)).rollback?.endedAt ?? Number.POSITIVE_INFINITY;
    expect(await rig.load(forward.id)).toMatchObject({ status: 'rolling_out', previous: 'v2.0.4' });
    expect((await rig.load(forward.id)).rollout?.startedAt).toBeGreaterThanOrEqual(over);
  });

  it('to a version that the backend has no more fails with its words, and is not told again', async () => {
    await rig.close();
    let told = 0;
    const without = (world: DeployBackend): DeployBackend => ({
      ...world,
      async rollback() {
        told += 1;
        throw new BackendError('v2.0.4 is not in the registry any more', { final: true });
      },
    });
    rig = await createRig({ backends: (world) => onlyInstance(without(world)) });
    const id = await started('v2.1.0');
    await rig.does(PEOPLE.omar, id, rollBack);
    await rig.pass(MINUTE, ended(id));
    await rig.pass(HOUR);
    expect(await rig.load(id)).toMatchObject({
      status: 'failed',
      ending: { reason: expect.stringContaining('v2.0.4 is not in the registry any more') },
    });
    expect(told).toBe(1);
    expect(await rig.does(PEOPLE.dana, id, rollBack)).toMatchObject({
      code: 'wrong_status',
      message: expect.stringContaining('Put it right at the backend'),
    });
  });

  it('RB-1: stands against a step that a stopped process tells only now: it bears a lower number than the rollback', async () => {
    await rig.close();
    const late: Parameters<DeployBackend['apply']>[] = [];
    const told: Commanded[] = [];
    const away = (world: DeployBackend): DeployBackend => ({
      ...world,
      async apply(...args) {
        late.push(args);
        throw new BackendError('it never got there', { final: false });
      },
      async rollback(...args) {
        told.push(args[0]);
        return world.rollback(...args);
      },
    });
    rig = await createRig({ backends: (world) => onlyInstance(away(world)) });
    const id = await started('v2.1.0');
    await rig.does(PEOPLE.omar, id, rollBack);
    await rig.pass(HOUR, ended(id));
    const [step] = late;
    if (step === undefined) throw new Error('no step was told');
    await rig.world.backend.apply(...step);
    expect(rig.world.commands().map(({ command }) => command.kind)).toEqual(['rollback']);
    expect(await rig.world.backend.observe(step[0])).toMatchObject({ stable: 'v2.0.4', canary: null });
    expect(told[0]?.deployment).toBe(step[0].deployment);
    expect(told[0]?.sequence).toBeGreaterThan(step[0].sequence);
  });

  it('AN-2: by itself is told to the backend at most one look and a second after its figures break, where a rule asks for one look', async () => {
    await rig.close();
    const commands: Instant[] = [];
    const timed = (world: DeployBackend): DeployBackend => ({
      ...world,
      async rollback(...args) {
        commands.push(rig.clock.now());
        return world.rollback(...args);
      },
    });
    rig = await createRig({ backends: (world) => onlyInstance(timed(world)), policy: onFirstBreach });
    const id = await started('v2.1.2');
    const { rollout, terms } = await rig.load(id);
    const broken = rollout?.stages[0]?.watchedSince ?? 0;
    await rig.pass(HOUR, ended(id));
    expect((await rig.load(id)).rollback?.by).toMatchObject({ kind: 'system' });
    expect(commands[0]).toBeGreaterThan(0);
    expect((commands[0] ?? Number.POSITIVE_INFINITY) - broken).toBeLessThanOrEqual(
      terms.safeguards.lookEvery + SECOND,
    );
  });

  it('is no way back for what a newer deployment has replaced: it is handed over when that starts', async () => {
    const id = await started('v2.1.0', 'all-at-once');
    await rig.pass(HOUR, async () => (await rig.load(id)).status === 'observing');
    const newer = await started('v2.0.3');
    expect(await rig.load(id)).toMatchObject({ status: 'handed_over' });
    const taking = { kind: 'take_back', of: id, why: 'alerts' } as const;
    const omar = actor(rig.policy, PEOPLE.omar);
    expect(await rig.conductor.handle({ intent: taking, actor: omar })).toMatchObject({
      message: expect.stringContaining(`has taken its place (${newer})`),
    });
  });

  it('of what was handed over a week ago is one deployment, whoever clicks besides; another version may follow it', async () => {
    const id = await handedOver();
    await rig.pass(7 * DAY);
    const taking = { kind: 'take_back', of: id, why: 'alerts' } as const;
    const outcomes = await Promise.all(
      [PEOPLE.omar, PEOPLE.dana].map((who) =>
        rig.conductor.handle({ intent: taking, actor: actor(rig.policy, who) }),
      ),
    );
    const ids = outcomes.map((outcome) => (outcome.kind === 'refused' ? 'refused' : outcome.deployment.id));
    const back = ids.find((one) => one !== 'refused') ?? '';
    expect(new Set(ids.filter((one) => one !== 'refused')).size).toBe(1);
    await rig.pass(MINUTE, ended(back));
    expect(await rig.load(back)).toMatchObject({ status: 'rolled_back', rollback: { to: 'v2.0.4' } });
    expect(await rig.load(id)).toMatchObject({ status: 'handed_over' });
    const place = { service: 'checkout', environment: 'production' };
    expect(await rig.world.backend.observe(place)).toMatchObject({ stable: 'v2.0.4' });
    expect(await rig.ask('v2.1.0')).toMatchObject({ code: 'rolled_back_before' });
    expect(await rig.ask('v2.0.3')).toMatchObject({ kind: 'accepted' });
    expect(await rig.stores.events.verify(back)).toMatchObject({ ok: true });
  });
});
