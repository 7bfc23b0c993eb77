import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/time.ts';
import { PEOPLE } from '../conductor/rig.ts';
import { type ManyLive, manyLive } from './many-live.ts';

const SERVICES = Array.from({ length: 14 }, (_, index) => `s${index}`);

let open: ManyLive | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function fiveUpdatesAMinute(): Promise<ManyLive> {
  open = await manyLive(SERVICES, { updates: 5 });
  await open.pass(10 * SECOND);
  return open;
}

const cardOf = async ({ rig }: ManyLive, id: string): Promise<string> =>
  (await rig.stores.messages.find(id, 'card'))?.ts ?? 'none';

describe('K-12: where Slack takes less than there is to show', () => {
  it('a rollback is told first, then who must act, then the rest, and nobody asks while Slack said to wait', async () => {
    const world = await fiveUpdatesAMinute();
    const { rig, slack, ids } = world;
    await world.pass(3 * MINUTE);
    const [held = '', back = ''] = ids.slice(10);
    slack.refuseFor(30 * SECOND);
    const opensAt = rig.clock.now() + 30 * SECOND;
    const refused = slack.refused.get('chat.update') ?? 0;
    await rig.does(PEOPLE.dana, held, { kind: 'hold', reason: 'odd figures' });
    await world.pass(10 * SECOND);
    await rig.does(PEOPLE.dana, back, { kind: 'roll_back', why: 'errors' });
    await world.pass(19 * SECOND);
    const before = slack.took.length;
    // Whatever was under way when it began to refuse was refused once; the rest did not ask.
    expect((slack.refused.get('chat.update') ?? 0) - refused).toBeLessThanOrEqual(12);
    await world.pass(MINUTE);
    const told = slack.took.slice(before);
    const updates = told.filter(({ method }) => method === 'chat.update').map(({ ts }) => ts);
    expect(updates[0]).toBe(await cardOf(world, back));
    // Each has a report of its stage, and every fourth is who has waited longest.
    expect(updates.slice(0, 4)).toContain(await cardOf(world, held));
    // The channels have budgets of their own: their lines wait for nothing once Slack takes calls again.
    for (const channel of ['C10', 'C11']) {
      const line = told.find((one) => one.method === 'chat.postMessage' && one.channel === channel);
      expect((line?.at ?? Number.POSITIVE_INFINITY) - opensAt).toBeLessThanOrEqual(SECOND);
    }
  });

  it('none starves: each card and report is brought up to date within the time that all of them take', async () => {
    const world = await fiveUpdatesAMinute();
    await world.pass(2 * MINUTE);
    const since = world.rig.clock.now();
    await world.pass(8 * MINUTE);
    const shown = new Set(world.slack.took.filter(({ at }) => at > since).map(({ ts }) => ts));
    for (const id of world.ids)
      for (const key of ['card', 'stage:1']) {
        const row = await world.rig.stores.messages.find(id, key);
        expect(shown).toContain(row?.ts);
      }
  });

  it('a card that may not be brought up to date for a while says how old it is, and no longer once it can', async () => {
    const world = await fiveUpdatesAMinute();
    await world.pass(4 * MINUTE);
    const says = (): string[] =>
      world.slack.took.filter(({ text }) => text.includes('As of ')).map(({ ts }) => ts);
    expect(says().length).toBeGreaterThan(0);
    for (const id of world.ids) await world.rig.does(PEOPLE.dana, id, { kind: 'hold', reason: 'enough' });
    world.slack.allow(1_000);
    await world.pass(4 * MINUTE);
    const last = new Map(world.slack.took.map(({ ts, text }) => [ts, text]));
    for (const id of world.ids) {
      const text = last.get(await cardOf(world, id));
      expect(text).toContain('Held since');
      expect(text).not.toContain('As of ');
    }
  });

  it('an update that would repeat what is shown is not sent', async () => {
    const { rig, slack, ids, pass } = await fiveUpdatesAMinute();
    await pass(6 * MINUTE);
    const [id = ''] = ids;
    const row = await rig.stores.messages.find(id, 'card');
    if (row === undefined) throw new Error('no card');
    const before = slack.took.filter(({ ts }) => ts === row.ts).map(({ text }) => text);
    for (const [index, text] of before.entries()) expect(text).not.toBe(before[index - 1]);
  });
});
