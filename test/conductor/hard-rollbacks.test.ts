/** Rollbacks at bad moments, each with its end (RB-7): the conductor with a real record and a simulated world. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TERMINAL } from '../../src/deployment/lifecycle.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { actor, createRig, PEOPLE, type Rig } from './rig.ts';

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
