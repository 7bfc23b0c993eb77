import { describe, expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { it } from './stage.ts';
import { expectTruth, reportsOf, timelineOf } from './truth.ts';

describe('after a restart', () => {
  it('K-8: the buttons of before work on the card, in the DM and in the thread, and nothing is posted twice', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true });
    const id = await request(stage);
    const card = await stage.card(id);
    const [dm] = await stage.dm('sana');
    if (dm === undefined) throw new Error('Sana was not asked');
    await stage.restart();
    await stage.settled();
    await stage.click('tom', card, 'card.go');
    await stage.click('sana', dm, 'card.go');
    await stage.restart();
    await stage.click('omar', await stage.card(id), 'card.go');
    await stage.pass(2 * MINUTE);
    const [report] = await reportsOf(stage, id);
    if (report === undefined) throw new Error('no report');
    await stage.restart();
    await stage.click('dana', report, 'card.promote');
    await stage.pass(MINUTE);
    await expectTruth(stage, id);
    const lines = await timelineOf(stage, id);
    expect(new Set(lines).size).toBe(lines.length);
    expect(await stage.dm('sana')).toHaveLength(1);
    expect((await stage.load(id)).stages).toHaveLength(2);
  });

  it('K-8: days later, what was asked is still waiting, and its buttons still work', async ({ open }) => {
    const stage = await open({ onDisk: true });
    const id = await request(stage);
    await stage.restart();
    await stage.pass(3 * DAY);
    await signAll(stage, id);
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolling_out');
  });

  it('K-8: in the middle of a rollout it goes on where it was, and the backend is told nothing twice', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true });
    const id = await rollingOut(stage);
    await stage.pass(10 * MINUTE);
    await stage.restart();
    await stage.pass(DAY, async () => (await stage.load(id)).stages.length === 2);
    await stage.restart();
    await stage.pass(HOUR + 5 * MINUTE);
    expect((await stage.load(id)).stages.map(({ outcome }) => outcome)).toEqual([
      'passed',
      'passed',
      undefined,
    ]);
    const told = stage.world.commands().map(({ key }) => key);
    expect(new Set(told).size).toBe(told.length);
    await expectTruth(stage, id);
  });

  it('K-8: a modal that was open before is sent after it, and counts once', async ({ open }) => {
    const stage = await open({ onDisk: true });
    await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production');
    await stage.restart();
    expect(await stage.submit('dana', { 'schedule.summary': 'Adds Apple Pay.' })).toMatchObject({ ok: true });
    const all = await stage.bot.stores.events.list({ limit: 10 });
    expect(all).toHaveLength(1);
    await expectTruth(stage, all[0]?.id ?? '');
  });

  it('K-8: what happened while it was away is made up for: the time of a start has come', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true });
    const id = await request(stage, 'checkout v2.1.0 to production at 14:00');
    await signAll(stage, id);
    await stage.restart(() => stage.clock.advance(3 * HOUR + 10 * MINUTE));
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolling_out');
    await expectTruth(stage, id);
  });
});
