import { describe, expect } from 'vitest';
import { DAY, HOUR } from '../../src/time.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth, reportsOf, timelineOf } from './truth.ts';
import { actionsOn } from './views-in-slack.ts';

/** What the channel shows of it: the card, and what the thread sends there too. */
async function channelOf(stage: Stage, id: string): Promise<string[]> {
  const { channel } = await stage.card(id);
  return (await stage.driver.messages({ channel })).map(({ text }) => text.split('\n')[0] ?? '');
}

describe('a deployment, from the request to its end', () => {
  it('K-3, CM-3: a healthy one has one card that is always true, a timeline, and three lines in the channel', async ({
    stage,
  }) => {
    const id = await request(stage);
    await expectTruth(stage, id);
    expect(actionsOn(await stage.card(id))).toEqual(['card.go', 'card.no_go', 'card.checklist', 'card.more']);
    await signAll(stage, id);
    await expectTruth(stage, id);
    for (const percent of [5, 25, 75]) {
      await stage.pass(3 * HOUR, async () => {
        const last = (await stage.load(id)).rollout?.stages.at(-1);
        return last?.percent === percent && last.lastLook !== undefined;
      });
      await expectTruth(stage, id);
      expect((await stage.card(id)).text).toContain(`${percent} % · stage`);
    }
    await stage.pass(3 * HOUR, async () => (await stage.load(id)).status === 'observing');
    await expectTruth(stage, id);
    expect(actionsOn(await stage.card(id))).toEqual(['card.hand_over', 'card.roll_back', 'card.more']);
    await stage.pass(2 * DAY, async () => (await stage.load(id)).status === 'handed_over');
    await expectTruth(stage, id);
    expect(actionsOn(await stage.card(id))).toEqual(['card.more']);

    expect(await channelOf(stage, id)).toEqual([
      `checkout v2.1.0 is live in production · ${id}`,
      expect.stringContaining('checkout v2.1.0 → production has started'),
      expect.stringContaining('checkout v2.1.0 is live in production with all traffic'),
      expect.stringContaining('🟢 All clear: checkout v2.1.0 is complete for 1 h and nothing fired'),
    ]);
    expect(await timelineOf(stage, id)).toEqual([
      expect.stringContaining('Dana asked for v2.1.0 in production'),
      expect.stringContaining('Go from Tom as Tech lead'),
      expect.stringContaining('Go from Sana as Security'),
      expect.stringContaining('Go from Omar as Operations'),
      expect.stringContaining('Less than 24 h ahead'),
      expect.stringContaining('has started'),
      expect.stringContaining('is live in production with all traffic, after 3 h 30 min'),
      expect.stringContaining('No figure is over 10 % worse than before'),
      expect.stringContaining('✅ Handed over: watched for 24 h without trouble'),
    ]);
    expect(await reportsOf(stage, id)).toHaveLength(4);
  });

  it('AN-3: a bad one goes back by itself: the card says why, the report keeps its figures, the channel hears the end', async ({
    stage,
  }) => {
    const id = await rollingOut(stage, 'checkout v2.1.1 to production');
    await stage.pass(DAY, async () => (await stage.load(id)).status === 'rolled_back');
    await expectTruth(stage, id);
    const card = await stage.card(id);
    expect(card.text).toContain('checkout v2.1.1 was rolled back');
    expect(card.text).toMatch(/v2\.0\.4 is back .*by GoNoGo: errors .* baseline/s);
    expect(card.text).toMatch(/About \d+ of \d+,\d+ requests to v2\.1\.1 failed/);
    expect(card.text).toContain('Dana and Omar look at why, and say what happened.');
    expect(actionsOn(card)).toEqual(['card.review', 'card.more']);
    const [report, ...more] = await reportsOf(stage, id);
    expect(more).toEqual([]);
    expect(report?.text).toMatch(/Rolled back.*Looks worse.*errors: canary/s);
    expect(report && actionsOn(report)).toEqual([]);
    expect(await channelOf(stage, id)).toEqual([
      `checkout v2.1.1 was rolled back · ${id}`,
      expect.stringContaining('has started'),
      expect.stringContaining('checkout is back on v2.0.4 with all traffic'),
    ]);
    const observed = await stage.world.backend.observe({ service: 'checkout', environment: 'production' });
    expect(observed).toMatchObject({ stable: 'v2.0.4', canary: null });
  });

  it('K-3: two deployments of two services do not touch each other', async ({ stage }) => {
    const checkout = await rollingOut(stage);
    const payments = await request(stage, 'payments v9.4.0 to production');
    expect((await stage.card(payments)).channel).not.toBe((await stage.card(checkout)).channel);
    await signAll(stage, payments);
    await stage.pass(HOUR);
    await expectTruth(stage, checkout);
    await expectTruth(stage, payments);
    expect((await timelineOf(stage, payments)).join('\n')).not.toContain('checkout');
  });
});
