import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TERMINAL } from '../../src/deployment/lifecycle.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { createRig, PEOPLE, type Rig } from './rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

async function types(id: string): Promise<string[]> {
  return (await rig.stores.events.events(id)).map(({ type }) => type);
}

const ended = (id: string) => async () => TERMINAL.has((await rig.load(id)).status);

describe('a deployment, conducted', () => {
  it('takes a healthy version through every stage to the hand-over', async () => {
    const { id } = await rig.request('v2.1.0');
    await rig.signAll(id);
    await rig.pass(2 * DAY, ended(id));
    const done = await rig.load(id);
    expect(done.status).toBe('handed_over');
    expect(done.rollout?.stages.map(({ percent, outcome }) => [percent, outcome])).toEqual([
      [5, 'went_on'],
      [25, 'passed'],
      [75, 'passed'],
      [100, 'passed'],
    ]);
    const observed = await rig.world.backend.observe({ service: 'checkout', environment: 'production' });
    expect(observed).toMatchObject({ stable: 'v2.1.0', canary: null, health: 'passing' });
    expect(await rig.stores.events.verify(id)).toMatchObject({ ok: true });
  });

  it('K-8: a request that is delivered several times, at once or later, is one deployment', async () => {
    const deliver = () => rig.ask('v2.1.0', { inboxKey: 'request:V1' });
    const all = await Promise.all(Array.from({ length: 6 }, deliver));
    all.push(await deliver());
    expect(new Set(all.map(({ deployment }) => deployment?.id)).size).toBe(1);
    expect(all.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
    expect(all.filter(({ kind }) => kind === 'refused')).toEqual([]);
  });

  it('AN-3: rolls a version whose errors double back by itself, with the old one at 100 %', async () => {
    const { id } = await rig.request('v2.1.1');
    await rig.signAll(id);
    await rig.pass(DAY, ended(id));
    const done = await rig.load(id);
    expect(done.status).toBe('rolled_back');
    expect(done.rollback).toMatchObject({ to: 'v2.0.4', by: { kind: 'system', name: 'judge' } });
    expect(done.rollback?.why).toMatch(/error/);
    expect(done.rollout?.stages).toHaveLength(1);
    const observed = await rig.world.backend.observe({ service: 'checkout', environment: 'production' });
    expect(observed).toMatchObject({ stable: 'v2.0.4', canary: null });
  });

  it('AN-3: rolls a version whose p99 triples back by itself', async () => {
    const { id } = await rig.request('v2.1.2');
    await rig.signAll(id);
    await rig.pass(DAY, ended(id));
    expect(await rig.load(id)).toMatchObject({
      status: 'rolled_back',
      rollback: { why: expect.stringMatching(/p99/) },
    });
  });

  it('AN-3: rolls a version whose health check fails back at once', async () => {
    const { id } = await rig.request('v2.1.3');
    await rig.signAll(id);
    await rig.pass(DAY, ended(id));
    const done = await rig.load(id);
    expect(done).toMatchObject({ status: 'rolled_back', rollback: { why: 'its health check is failing' } });
    expect((done.rollback?.startedAt ?? 0) - (done.rollout?.startedAt ?? 0)).toBeLessThan(5 * MINUTE);
  });

  it('AN-5: holds where the traffic is too thin to judge, and asks', async () => {
    const { id } = await rig.request('v0.8.0', { service: 'reports' });
    await rig.signAll(id);
    await rig.pass(DAY, async () => (await rig.load(id)).status === 'held');
    expect(await rig.load(id)).toMatchObject({
      status: 'held',
      rollout: { hold: { by: { kind: 'system' } } },
    });
  });

  it('AN-5: holds where there are no metrics at all', async () => {
    const { id } = await rig.request('v1.9.0', { service: 'search' });
    await rig.signAll(id);
    await rig.pass(DAY, async () => (await rig.load(id)).status === 'held');
    expect((await rig.load(id)).rollout?.hold?.reason).toMatch(/no data/);
  });

  it('RB-1: rolls back at one click, from the person on call, and takes the reason afterwards', async () => {
    const { id } = await rig.request('v2.1.0');
    await rig.signAll(id);
    await rig.pass(40 * MINUTE);
    expect((await rig.load(id)).status).toBe('rolling_out');
    await rig.does(PEOPLE.omar, id, { kind: 'roll_back', why: 'Omar asked' });
    await rig.pass(MINUTE, ended(id));
    await rig.does(PEOPLE.omar, id, { kind: 'explain_rollback', reason: 'The basket page was empty.' });
    const done = await rig.load(id);
    expect(done).toMatchObject({ status: 'rolled_back', rollback: { reason: 'The basket page was empty.' } });
    expect((done.rollback?.endedAt ?? 0) - (done.rollback?.startedAt ?? 0)).toBeLessThan(15 * MINUTE);
  });

  it('ST-6: promotes early, holds and resumes when the lead says so', async () => {
    const { id } = await rig.request('v2.1.0');
    await rig.signAll(id);
    await rig.pass(5 * MINUTE);
    await rig.does(PEOPLE.dana, id, { kind: 'promote', stage: 1, reason: 'It looks well.' });
    await rig.pass(MINUTE);
    expect((await rig.load(id)).rollout?.stages.map(({ outcome }) => outcome)).toEqual([
      'promoted',
      undefined,
    ]);
    await rig.does(PEOPLE.dana, id, { kind: 'hold', reason: 'Looking at a log line.' });
    await rig.pass(5 * HOUR);
    expect((await rig.load(id)).status).toBe('held');
    await rig.does(PEOPLE.dana, id, { kind: 'resume', reason: 'It looks well.' });
    await rig.pass(2 * DAY, ended(id));
    expect((await rig.load(id)).status).toBe('handed_over');
  });

  it('AN-5: a counter that began anew is no data: a healthy canary is held and asked about, and not rolled back', async () => {
    const { id } = await rig.request('v2.1.0');
    await rig.signAll(id);
    rig.world.metrics.read = async (_change, from, to) => ({
      from,
      to,
      metrics: [
        { metric: 'errors', kind: 'counts', baseline: { n: 9_000, x: 20 }, canary: { n: 500, x: -50 } },
      ],
    });
    await rig.pass(10 * MINUTE);
    expect(await rig.load(id)).toMatchObject({
      status: 'held',
      rollout: {
        hold: { reason: expect.stringContaining('-50 failures cannot be; a counter that began anew?') },
      },
    });
  });

  it('starts at its time and not before', async () => {
    const at = rig.clock.now() + 3 * HOUR;
    const { id } = await rig.request('v2.1.0', { at });
    await rig.signAll(id);
    await rig.pass(2 * HOUR);
    expect((await rig.load(id)).status).toBe('scheduled');
    await rig.pass(HOUR + SECOND);
    const started = await rig.load(id);
    expect(started.status).toBe('rolling_out');
    expect((started.rollout?.startedAt ?? 0) - at).toBeLessThan(10 * SECOND);
  });

  it('a backend that is down while traffic moves is tried again and told once per command', async () => {
    const now = rig.clock.now();
    rig.world.setOutage({ from: now + 10 * MINUTE, to: now + 35 * MINUTE });
    const { id } = await rig.request('v2.1.0');
    await rig.signAll(id);
    await rig.pass(32 * MINUTE);
    expect(await types(id)).toContain('backend_troubled');
    await rig.pass(
      2 * HOUR,
      async () =>
        (await rig.load(id)).status === 'held' || ((await rig.load(id)).rollout?.stages.length ?? 0) > 1,
    );
    const held = await rig.load(id);
    if (held.status === 'held') await rig.does(PEOPLE.dana, id, { kind: 'resume', reason: 'It looks well.' });
    await rig.pass(2 * DAY, ended(id));
    expect((await rig.load(id)).status).toBe('handed_over');
    const keys = rig.world.commands().map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    // Another record, or one that was begun anew, counts its deployments as this one does.
    const names = new Set(keys.map((key) => key.split(':')[0]));
    expect([...names]).toEqual([expect.stringMatching(`^${id}@[0-9a-z]{3,}$`)]);
    const sequences = keys.map((key) => Number(key.split(':')[1]));
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  });

  it('RB-7: a rollback is carried out although the backend is down when it is asked for', async () => {
    const { id } = await rig.request('v2.1.0');
    await rig.signAll(id);
    await rig.pass(10 * MINUTE);
    const now = rig.clock.now();
    rig.world.setOutage({ from: now, to: now + 4 * MINUTE });
    await rig.does(PEOPLE.omar, id, { kind: 'roll_back', why: 'Omar asked' });
    await rig.pass(3 * MINUTE);
    expect((await rig.load(id)).status).toBe('rolling_back');
    await rig.pass(HOUR, ended(id));
    expect((await rig.load(id)).status).toBe('rolled_back');
  });

  it('a newer deployment ends the observation of the one before', async () => {
    const first = await rig.request('v2.1.0', { strategy: 'all-at-once' });
    await rig.signAll(first.id);
    await rig.pass(DAY, async () => (await rig.load(first.id)).status === 'observing');
    const second = await rig.request('v2.0.4', { strategy: 'all-at-once' });
    await rig.signAll(second.id);
    await rig.pass(HOUR, async () => (await rig.load(first.id)).status === 'handed_over');
    expect((await rig.load(first.id)).ending?.reason).toContain(second.id);
  });

  it('RB-8: does not bring back by itself what was rolled back', async () => {
    const { id } = await rig.request('v2.1.0');
    await rig.signAll(id);
    await rig.pass(MINUTE);
    await rig.does(PEOPLE.omar, id, { kind: 'roll_back', why: 'Omar asked' });
    await rig.pass(MINUTE, ended(id));
    await rig.does(PEOPLE.omar, id, { kind: 'explain_rollback', reason: 'The basket page was empty.' });
    expect(await rig.ask('v2.1.0')).toMatchObject({
      code: 'rolled_back_before',
      message: expect.stringMatching(
        /^v2\.1\.0 was rolled back .* by Omar \(D-\d+\): The basket page was empty\. Say why/,
      ),
    });
    const again = await rig.request('v2.1.0', { again: 'The basket was another fault.' });
    expect(again.terms.comesBack).toMatchObject({ deployment: id, reason: 'The basket was another fault.' });
  });
});
