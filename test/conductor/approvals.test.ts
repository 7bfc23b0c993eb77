/** Approvals over days: what an emergency owes, goes that grow old, delegation, and the way up the environments. */

import { afterEach, describe, expect, it } from 'vitest';
import { owes } from '../../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { actor, createRig, examplePolicy, PEOPLE, type Rig } from './rig.ts';

let rig: Rig;
afterEach(() => rig.close());

const PAUL = { id: 'U0PAUL00009', name: 'Paul' };

async function events(id: string, type: string) {
  return (await rig.stores.events.events(id)).filter((event) => event.type === type);
}

async function nudges(id: string): Promise<string[]> {
  const rows = await rig.stores.messages.stale(Number.MAX_SAFE_INTEGER, 1000);
  return rows
    .filter(({ deployment, message }) => deployment === id && message.kind === 'nudge')
    .map(({ message }) => ('user' in message ? message.user : ''));
}

const go = async (who: { id: string; name: string }, { id }: Deployment) => {
  const { envelopeHash } = await rig.load(id);
  return rig.does(who, id, { kind: 'sign', decision: 'go', envelopeHash });
};

/** As one of the roles that may declare an emergency. */
const danaDeclares = (policy: Policy): Policy => ({
  ...policy,
  changeTypes: {
    ...policy.changeTypes,
    emergency: { ...policy.changeTypes.emergency, declaredBy: ['deployer'] },
  },
});

describe('CH-1: an emergency', () => {
  const emergency = { strategy: 'all-at-once', details: { changeType: 'emergency' } } as const;

  it('starts without a go, is reminded of what it owes each working day, and stops when it is given', async () => {
    rig = await createRig({ policy: danaDeclares });
    const { id } = await rig.request('v2.1.0', emergency);
    await rig.pass(10 * MINUTE);
    const started = await rig.load(id);
    expect(started.status).toBe('observing');
    expect(owes(started)).toBe(true);
    expect((await rig.stores.events.list({ owesApproval: true, limit: 5 })).map((d) => d.id)).toEqual([id]);

    await rig.pass(2 * DAY - HOUR);
    // Begun on a Monday at 10:00 UTC, in the working hours of Berlin: Tuesday at the same time.
    const [first, ...more] = await events(id, 'reminded');
    expect(first?.at).toBe((started.rollout?.startedAt ?? 0) + DAY);
    expect(more).toEqual([]);
    expect((await nudges(id)).sort()).toEqual(
      [PEOPLE.dana.id, PEOPLE.omar.id, PEOPLE.sana.id, PEOPLE.tom.id].sort(),
    );

    for (const who of [PEOPLE.tom, PEOPLE.sana, PEOPLE.omar])
      expect(await go(who, started)).toMatchObject({
        kind: 'accepted',
        events: [{ type: 'signed_afterwards' }],
      });
    expect(owes(await rig.load(id))).toBe(true);
    await rig.does(PEOPLE.dana, id, { kind: 'write_up', text: 'The shop was down.' });
    expect(owes(await rig.load(id))).toBe(false);
    expect(await rig.stores.events.list({ owesApproval: true, limit: 5 })).toEqual([]);

    await rig.pass(10 * DAY);
    expect(await events(id, 'reminded')).toHaveLength(1);
    expect(await events(id, 'escalated')).toEqual([]);
    expect(await rig.stores.events.verify(id)).toMatchObject({ ok: true });
  });

  it('waits with its reminders for working hours, and escalates when its deadline has passed', async () => {
    rig = await createRig({ policy: danaDeclares });
    // A Thursday, 22:00 in Berlin.
    rig.clock.moveTo(Date.UTC(2026, 0, 8, 21));
    const { id } = await rig.request('v2.1.0', emergency);
    await rig.pass(7 * DAY);
    const times = (await events(id, 'reminded')).map(({ at }) => new Date(at).toISOString().slice(5, 16));
    // Monday, 09:00 in Berlin: nothing on Friday evening or at the weekend.
    expect(times[0]).toBe('01-12T08:00');
    const [escalated, ...more] = await events(id, 'escalated');
    expect(more).toEqual([]);
    expect(escalated).toMatchObject({ role: 'Operations', about: 'owed', at: Date.UTC(2026, 0, 12, 8) });
  });

  it('is owed by a rollback all the same, and waits for those who can give it', async () => {
    rig = await createRig({ policy: danaDeclares });
    const { id } = await rig.request('v2.1.0', emergency);
    await rig.pass(10 * MINUTE);
    await rig.does(PEOPLE.omar, id, { kind: 'roll_back', why: 'wrong' });
    await rig.pass(10 * MINUTE);
    const back = await rig.load(id);
    expect(back.status).toBe('rolled_back');
    const waiting = await rig.stores.events.list({ waitingFor: PEOPLE.sana.id, limit: 5 });
    expect(waiting.map((d) => d.id)).toEqual([id]);
    expect(await go(PEOPLE.sana, back)).toMatchObject({ kind: 'accepted' });
    expect(await rig.stores.events.list({ waitingFor: PEOPLE.sana.id, limit: 5 })).toEqual([]);
  });
});

describe('CH-8: sign-offs', () => {
  const care = (change: Partial<Policy['signOffCare']>) => (policy: Policy) => ({
    ...policy,
    signOffCare: { ...policy.signOffCare, ...change },
  });

  it('are asked for again when they grow old, and the deployment waits for them', async () => {
    rig = await createRig({ policy: care({ goLasts: 2 * DAY }) });
    const start = rig.clock.now() + 5 * DAY;
    const { id } = await rig.request('v2.1.0', { at: start });
    await rig.signAll(id);
    expect((await rig.load(id)).status).toBe('scheduled');
    await rig.pass(2 * DAY + MINUTE);
    const fallen = await rig.load(id);
    expect(fallen.status).toBe('preparing');
    expect(fallen.approval.signOffs.map((signOff) => signOff.fallen)).toEqual(
      Array.from({ length: 3 }, () => 'it was given too long ago'),
    );
    await rig.pass(2 * DAY);
    await rig.signAll(id);
    await rig.pass(2 * DAY, async () => (await rig.load(id)).status === 'rolling_out');
    expect((await rig.load(id)).rollout?.startedAt).toBe(start);
  });

  it('never let it start once they are too old, even where nothing woke in between', async () => {
    rig = await createRig({ policy: care({ goLasts: DAY }) });
    const start = rig.clock.now() + DAY + MINUTE;
    const { id } = await rig.request('v2.1.0', { at: start });
    await rig.signAll(id);
    const observation = await rig.world.backend.observe({ service: 'checkout', environment: 'production' });
    rig.clock.moveTo(start);
    const late = { ...observation, at: start };
    await rig.conductor.handle({
      deployment: id,
      intent: { kind: 'observed', observation: late },
      actor: { kind: 'system', name: 'backend' },
    });
    expect((await rig.load(id)).status).toBe('preparing');
  });

  it('are reminded of, then escalated once, while they are missing; a go stops that for its role', async () => {
    rig = await createRig({ policy: care({ remindAfter: 4 * HOUR, escalateAfter: 6 * HOUR }) });
    const asked = await rig.request('v2.1.0');
    await go(PEOPLE.tom, asked);
    await rig.pass(5 * HOUR);
    const [first] = await events(asked.id, 'reminded');
    expect(first).toMatchObject({
      at: asked.requestedAt + 4 * HOUR,
      about: 'sign_offs',
      people: [{ id: PEOPLE.sana.id }, { id: PEOPLE.omar.id }],
    });
    await rig.pass(DAY);
    const escalated = await events(asked.id, 'escalated');
    // Asked on a Monday at 11:00 in Berlin: six hours later the day is over there.
    expect(escalated).toEqual([expect.objectContaining({ at: Date.UTC(2026, 0, 6, 8), role: 'Operations' })]);
  });

  it('may be handed on by whoever may give them, to somebody who then may as well', async () => {
    rig = await createRig();
    const { id } = await rig.request('v2.1.0');
    const { envelopeHash } = await rig.load(id);
    const sign = { kind: 'sign', decision: 'go', envelopeHash } as const;
    const refusals = [
      await rig.does(PAUL, id, sign),
      await rig.does(PAUL, id, { kind: 'delegate', to: PAUL }),
      await rig.does(PEOPLE.sana, id, { kind: 'delegate', to: PEOPLE.sana }),
      await rig.does(PEOPLE.sana, id, { kind: 'delegate', to: PEOPLE.dana }),
      await rig.does(PEOPLE.sana, id, { kind: 'delegate', to: PAUL, role: 'operations' }),
    ];
    expect(refusals.map((outcome) => outcome.kind)).toEqual(Array.from(refusals, () => 'refused'));
    await rig.does(PEOPLE.sana, id, { kind: 'delegate', to: PAUL });
    const delegated = await rig.load(id);
    expect(delegated.approval.delegations).toMatchObject([{ role: 'security', from: PEOPLE.sana, to: PAUL }]);
    const waiting = await rig.stores.events.list({ waitingFor: PAUL.id, limit: 5 });
    expect(waiting.map((d) => d.id)).toEqual([id]);
    expect(await rig.does(PAUL, id, { ...sign, role: 'operations' })).toMatchObject({
      code: 'not_your_role',
    });
    expect(await rig.does(PAUL, id, sign)).toMatchObject({ kind: 'accepted' });
    expect(await rig.does(PEOPLE.sana, id, sign)).toMatchObject({ code: 'role_filled' });
  });
});

describe('GT-8: the way up the environments', () => {
  const inOrder = (policy: Policy): Policy => ({ ...policy, promotion: 'in_order' });
  const fast = { strategy: 'all-at-once' };

  it('opens production to a version that completed in staging, and to no other', async () => {
    rig = await createRig({ policy: inOrder });
    expect(await rig.ask('v2.1.0', fast)).toMatchObject({
      kind: 'refused',
      code: 'not_promoted',
      message:
        'v2.1.0 is not complete in staging, so production is closed to it. Deploy it to staging, or ask for an emergency change.',
    });
    const { id } = await rig.request('v2.1.0', { ...fast, environment: 'staging' });
    expect(await rig.ask('v2.1.0', fast)).toMatchObject({ code: 'not_promoted' });
    await rig.pass(HOUR, async () => (await rig.load(id)).status === 'observing');
    expect(await rig.ask('v2.1.1', fast)).toMatchObject({ code: 'not_promoted' });
    expect(await rig.ask('v2.1.0', fast)).toMatchObject({ kind: 'accepted' });
  });

  it('stays closed where staging was rolled back, and opens to an emergency', async () => {
    rig = await createRig({ policy: (policy) => danaDeclares(inOrder(policy)) });
    const { id } = await rig.request('v2.1.0', { ...fast, environment: 'staging' });
    await rig.pass(HOUR, async () => (await rig.load(id)).status === 'observing');
    await rig.does(PEOPLE.omar, id, { kind: 'roll_back', why: 'wrong' });
    await rig.pass(MINUTE * 10);
    expect(await rig.ask('v2.1.0', fast)).toMatchObject({ code: 'not_promoted' });
    const emergency = { ...fast, details: { changeType: 'emergency' } } as const;
    expect(await rig.ask('v2.1.0', emergency)).toMatchObject({ kind: 'accepted' });
  });

  it('is closed again by a rollback of what was handed over there', async () => {
    rig = await createRig({ policy: inOrder });
    const { id } = await rig.request('v2.1.0', { ...fast, environment: 'staging' });
    await rig.pass(HOUR, async () => (await rig.load(id)).status === 'observing');
    await rig.does(PEOPLE.dana, id, { kind: 'hand_over' });
    const intent = { kind: 'take_back', of: id, why: 'wrong' } as const;
    expect(await rig.conductor.handle({ intent, actor: actor(rig.policy, PEOPLE.omar) })).toMatchObject({
      kind: 'accepted',
    });
    await rig.pass(MINUTE * 10);
    expect(await rig.ask('v2.1.0', fast)).toMatchObject({ code: 'not_promoted' });
  });

  const baking = (policy: Policy): Policy => ({
    ...inOrder(policy),
    environments: policy.environments.map((one) => (one.id === 'staging' ? { ...one, bake: HOUR } : one)),
  });

  /** Complete in the first of the two, and asked for and approved in the second. */
  async function askedWhileItBakes(): Promise<{ first: string; second: string; until: number }> {
    rig = await createRig({ policy: baking });
    const { id: first } = await rig.request('v2.1.0', { ...fast, environment: 'staging' });
    expect(await rig.ask('v2.1.0', fast)).toMatchObject({ code: 'not_promoted' });
    await rig.pass(HOUR, async () => (await rig.load(first)).status === 'observing');
    const until = ((await rig.load(first)).rollout?.completedAt ?? 0) + HOUR;
    const { id: second } = await rig.request('v2.1.0', fast);
    await rig.signAll(second);
    return { first, second, until };
  }

  it('opens the next environment only when a version has run in the one before for its time', async () => {
    const { second, until } = await askedWhileItBakes();
    expect((await rig.load(second)).start.waiting).toMatchObject({ until, for: [{ kind: 'bake' }] });
    // Whoever edits the file meanwhile changes nothing of it.
    rig.policy = inOrder(examplePolicy());
    await rig.pass(2 * HOUR, async () => (await rig.load(second)).rollout !== undefined);
    expect((await rig.load(second)).rollout?.startedAt).toBeGreaterThanOrEqual(until);
    expect(rig.clock.now()).toBeLessThan(until + 10 * MINUTE);
  });

  it('never opens it to a version that is rolled back while the next one waits for it', async () => {
    const { first, second } = await askedWhileItBakes();
    await rig.does(PEOPLE.omar, first, { kind: 'roll_back', why: 'orders are lost' });
    await rig.pass(MINUTE);
    const { waiting } = (await rig.load(second)).start;
    expect(waiting?.until).toBeUndefined();
    expect(waiting?.for.map(({ says }) => says).join()).toContain(
      `v2.1.0 was rolled back in staging (${first}: "orders are lost")`,
    );
    await rig.pass(3 * HOUR);
    expect(await rig.load(second)).toMatchObject({ status: 'scheduled' });
  });

  it('is asked again when the version changes', async () => {
    rig = await createRig({ policy: inOrder });
    const staged = await rig.request('v2.1.0', { ...fast, environment: 'staging' });
    await rig.pass(HOUR, async () => (await rig.load(staged.id)).status === 'observing');
    const {
      id,
      terms: { envelope, details },
    } = await rig.request('v2.1.0', fast);
    const other = { ...envelope, version: 'v2.1.1' };
    expect(
      await rig.does(PEOPLE.dana, id, { kind: 'revise', terms: { envelope: other, details } }),
    ).toMatchObject({
      code: 'not_promoted',
    });
    const summary = { ...details, summary: 'Better words.' };
    expect(
      await rig.does(PEOPLE.dana, id, { kind: 'revise', terms: { envelope, details: summary } }),
    ).toMatchObject({
      kind: 'accepted',
    });
  });
});
