import { afterEach, describe, expect, it } from 'vitest';
import type { Pump } from '../../src/conductor/pump.ts';
import { createLog } from '../../src/log.ts';
import { createClients } from '../../src/slack/clients.ts';
import { createRenderer } from '../../src/slack/renderer.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { renderLive } from '../../views/live-message.ts';
import { createRig, PEOPLE, type Rig } from '../conductor/rig.ts';
import { type LimitedSlack, startLimitedSlack } from './limited-slack.ts';
import { onMany } from './on-many.ts';

const log = createLog({ level: 'silent' });
const SERVICES = Array.from({ length: 14 }, (_, index) => `s${index}`);

interface World {
  rig: Rig;
  slack: LimitedSlack;
  renderer: Pump;
  ids: string[];
  /** Lets messages go out for so long, whatever else happens meanwhile. */
  pass(by: number): Promise<void>;
}

let open: World | undefined;
afterEach(async () => {
  await open?.renderer.stop();
  await open?.rig.close();
  await open?.slack.close();
  open = undefined;
});

/** Rollouts under way, each in a channel of its own, while Slack takes five updates a minute. */
async function manyLive(): Promise<World> {
  let renderer: Pump | undefined;
  const rig = await createRig({ ...onMany(SERVICES), onCommit: () => renderer?.poke() });
  const slack = await startLimitedSlack(rig.clock, { updates: 5 });
  const { outbound } = createClients({ token: 'xoxb-test', slackApiUrl: slack.url, log });
  const made = createRenderer({
    stores: rig.stores,
    client: outbound,
    log,
    clock: rig.clock,
    record: rig.clock,
    render: (message, deployment, event, more) =>
      renderLive(message, deployment, event, { policy: rig.policy, ...more }),
    mayNotRead: async () => undefined,
    pictureOf: async () => undefined,
    cardLink: async () => undefined,
    stillIn: async () => [],
    onUnshown() {},
  });
  const ids: string[] = [];
  for (const [index, service] of SERVICES.entries()) {
    const details = { channel: `C${index}` };
    const { id } = await rig.request('v2.1.0', {
      service,
      environment: 'staging',
      strategy: 'canary',
      details,
    });
    ids.push(id);
  }
  renderer = made;
  const pass = async (by: number): Promise<void> => {
    const end = rig.clock.now() + by;
    const settled = async (): Promise<void> => {
      do await Promise.all([made.idle(), rig.conductor.idle()]);
      while (made.busy());
    };
    for (made.poke(); rig.clock.now() < end; await settled()) {
      await settled();
      rig.clock.moveTo(Math.min(rig.clock.nextAt() ?? end, end));
    }
  };
  open = { rig, slack, renderer: made, ids, pass };
  await pass(10 * SECOND);
  return open;
}

const cardOf = async ({ rig }: World, id: string): Promise<string> =>
  (await rig.stores.messages.find(id, 'card'))?.ts ?? 'none';

describe('K-12: where Slack takes less than there is to show', () => {
  it('a rollback is told first, then who must act, then the rest, and nobody asks while Slack said to wait', async () => {
    const world = await manyLive();
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
    const world = await manyLive();
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
    const world = await manyLive();
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
    const { rig, slack, ids, pass } = await manyLive();
    await pass(6 * MINUTE);
    const [id = ''] = ids;
    const row = await rig.stores.messages.find(id, 'card');
    if (row === undefined) throw new Error('no card');
    const before = slack.took.filter(({ ts }) => ts === row.ts).map(({ text }) => text);
    for (const [index, text] of before.entries()) expect(text).not.toBe(before[index - 1]);
  });
});
