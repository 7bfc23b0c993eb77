import { describe, expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth, reportsOf, timelineOf } from './truth.ts';
import { actionsOn, elementOf } from './views-in-slack.ts';

const rolledBack = (stage: Stage, id: string) => async (): Promise<boolean> =>
  (await stage.load(id)).status === 'rolled_back';

describe('going back', () => {
  it('K-3: the card of what was rolled back says where the version still runs', async ({ stage }) => {
    const staging = await request(stage, 'checkout v2.1.0 to staging');
    await stage.pass(DAY, async () => (await stage.load(staging)).status === 'observing');
    const id = await rollingOut(stage);
    await stage.click('omar', await stage.card(id), 'card.roll_back');
    await stage.pass(MINUTE, rolledBack(stage, id));
    await stage.settled();
    expect((await stage.card(id)).text).toContain('v2.1.0 still runs in staging');
  });

  it('RB-1: one confirmed click by the person on call, no approval, and the reason is asked afterwards', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    await stage.pass(10 * MINUTE);
    const card = await stage.card(id);
    const button = elementOf(card, 'card.roll_back');
    expect(button).toMatchObject({
      style: 'danger',
      text: { text: 'Roll back to v2.0.4' },
      confirm: { title: { text: 'Roll checkout back from v2.1.0 to v2.0.4?' }, style: 'danger' },
    });
    const { told, modal } = await stage.click('omar', card, 'card.roll_back');
    expect({ told, modal }).toEqual({ told: [], modal: null });
    await stage.pass(MINUTE, rolledBack(stage, id));
    const back = await stage.card(id);
    expect(back.text).toMatch(/v2\.0\.4 is back .*after \d+ s \(target 15 min\) · by Omar/s);
    expect(actionsOn(back)).toEqual(['card.explain', 'card.review', 'card.more']);
    await stage.click('omar', back, 'card.explain');
    await stage.submit('omar', { 'reason.text': 'The basket page was empty.' });
    const explained = await stage.card(id);
    expect(explained.text).toContain('The basket page was empty.');
    expect(actionsOn(explained)).toEqual(['card.review', 'card.more']);
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringContaining('Omar on why it was rolled back: “The basket page was empty.”'),
    );
    await expectTruth(stage, id);
    const observed = await stage.world.backend.observe({ service: 'checkout', environment: 'production' });
    expect(observed).toMatchObject({ stable: 'v2.0.4', canary: null });
  });

  it('RB-1: from the live stage report, and its buttons are gone at once', async ({ stage }) => {
    const id = await rollingOut(stage);
    const [report] = await reportsOf(stage, id);
    if (report === undefined) throw new Error('no report');
    await stage.click('dana', report, 'card.roll_back');
    const [after] = await reportsOf(stage, id);
    expect(after && actionsOn(after)).toEqual([]);
    expect((await stage.load(id)).rollback?.by).toMatchObject({ id: PEOPLE.dana });
  });

  it('RB-1: /deploy rollback shows what would go back, with its one confirmed button', async ({ stage }) => {
    const id = await rollingOut(stage);
    const { told } = await stage.type('omar', 'checkout', '/deploy rollback checkout');
    expect(told).toEqual([
      expect.stringContaining(`checkout v2.1.0 → production (${id}): 5 %, stage 1 of 4`),
    ]);
    expect((await stage.load(id)).status).toBe('rolling_out');
    const whispers = await stage.driver.messages({ channel: 'checkout', user: PEOPLE.omar });
    const offer = whispers.findLast(({ ephemeral }) => ephemeral === PEOPLE.omar);
    if (offer === undefined) throw new Error('no offer');
    expect(elementOf(offer, 'card.roll_back').confirm).toBeDefined();
    await stage.click('omar', offer, 'card.roll_back');
    await stage.pass(MINUTE, rolledBack(stage, id));
    expect((await stage.load(id)).status).toBe('rolled_back');
  });

  it('RB-1: takes the reason with the command, in any words, and keeps it as it was written', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    await stage.type('omar', 'checkout', '/deploy roll back prod *Checkout*: R&D saw p95 > 2 s');
    const whispers = await stage.driver.messages({ channel: 'checkout', user: PEOPLE.omar });
    const offer = whispers.findLast(({ ephemeral }) => ephemeral === PEOPLE.omar);
    if (offer === undefined) throw new Error('no offer');
    await stage.click('omar', offer, 'card.roll_back');
    expect((await stage.load(id)).rollback).toMatchObject({ reason: 'R&D saw p95 > 2 s' });
  });

  it('RB-1: while it is held, and while a complete one is watched', async ({ stage }) => {
    const held = await rollingOut(stage);
    await stage.type('tom', 'checkout', '/deploy hold checkout');
    await stage.click('omar', await stage.card(held), 'card.roll_back');
    await stage.pass(MINUTE, rolledBack(stage, held));
    const complete = await request(stage, 'checkout v2.1.0 to production', {
      'schedule.strategy': 'all-at-once',
      'schedule.again': 'It was a slow disk, which is replaced.',
    });
    await signAll(stage, complete);
    await stage.pass(HOUR, async () => (await stage.load(complete)).status === 'observing');
    await stage.click('omar', await stage.card(complete), 'card.roll_back');
    await stage.pass(MINUTE, rolledBack(stage, complete));
    await expectTruth(stage, held);
    await expectTruth(stage, complete);
    expect((await stage.load(complete)).status).toBe('rolled_back');
  });

  it('RB-1: whoever may not is told who may, and nothing goes back', async ({ stage }) => {
    const id = await rollingOut(stage);
    const { told } = await stage.click('priya', await stage.card(id), 'card.roll_back');
    expect(told).toEqual([
      expect.stringMatching(/You can't roll back checkout v2\.1\.0: ask Dana \(lead\) or Omar \(on call\)/),
    ]);
    expect((await stage.load(id)).status).toBe('rolling_out');
  });

  it('RB-7: what was handed over goes back as a deployment of its own, without a go', async ({ stage }) => {
    const id = await request(stage, 'checkout v2.1.0 to production', { 'schedule.strategy': 'all-at-once' });
    await signAll(stage, id);
    await stage.pass(HOUR, async () => (await stage.load(id)).status === 'observing');
    await stage.click('dana', await stage.card(id), 'card.hand_over');
    expect((await stage.load(id)).status).toBe('handed_over');
    await stage.pass(7 * DAY);
    const { told } = await stage.type('omar', 'checkout', '/deploy rollback checkout production');
    expect(told).toEqual([expect.stringContaining(`(${id}): live, handed over`)]);
    const whispers = await stage.driver.messages({ channel: 'checkout', user: PEOPLE.omar });
    const offer = whispers.findLast(({ ephemeral }) => ephemeral === PEOPLE.omar);
    if (offer === undefined) throw new Error('no offer');
    await stage.click('omar', offer, 'card.roll_back');
    const [back] = await stage.bot.stores.events.list({ limit: 1 });
    if (back === undefined || back.id === id) throw new Error('nothing was begun');
    await stage.pass(MINUTE, rolledBack(stage, back.id));
    expect((await stage.card(back.id)).text).toMatch(/v2\.0\.4 is back .* by Omar/s);
    expect((await timelineOf(stage, back.id))[0]).toContain(
      `takes back checkout v2.1.0, which ${id} had handed over`,
    );
    const observed = await stage.world.backend.observe({ service: 'checkout', environment: 'production' });
    expect(observed).toMatchObject({ stable: 'v2.0.4', canary: null });
    expect((await stage.click('omar', offer, 'card.roll_back')).told).toEqual([
      expect.stringMatching(/Your rollback of checkout v2\.1\.0 is done/),
    ]);
    await expectTruth(stage, back.id);
  });

  it('RB-4: what was declared of the database is asked in the form, shown to those who sign, and said when it goes back', async ({
    stage,
  }) => {
    await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production');
    const form = async () => {
      const view = await stage.driver.view(PEOPLE.dana);
      if (view === null) throw new Error('no form');
      return view;
    };
    await stage.click('dana', await form(), 'schedule.unfold');
    expect(JSON.stringify(await form())).not.toContain('schedule.compatible');
    await stage.click('dana', await form(), 'schedule.database', 'data_migration');
    const filled = {
      'schedule.summary': 'Adds Apple Pay.',
      'schedule.reverseScript': 'undo <!channel> 42.sql',
    };
    const wrong = await stage.submit('dana', { ...filled, 'schedule.compatible': 'v2.0.5 and-<x>' });
    expect(wrong.errors?.['schedule.compatible']).toContain('is no version');
    expect((await stage.submit('dana', { ...filled, 'schedule.compatible': 'v2.0.5, v2.0.6' })).ok).toBe(
      true,
    );
    const [asked] = await stage.bot.stores.events.list({ limit: 1 });
    const id = asked?.id ?? '';
    const plan = 'works with v2.0.5, v2.0.6, reverse script: undo &lt;!channel&gt; 42.sql';
    expect((await stage.card(id)).text).toContain(`database: data migration, ${plan}`);
    expect(JSON.stringify(await stage.dm('sana'))).toContain(plan);
    await signAll(stage, id);
    await stage.pass(MINUTE, async () => (await stage.load(id)).status === 'rolling_out');
    const { told } = await stage.click('omar', await stage.card(id), 'card.roll_back');
    expect(told[0]).toContain('v2.0.4 is not among the versions that were declared to work');
    expect(told[0]).toContain('until the reverse script has run (undo &lt;!channel&gt; 42.sql)');
    expect((await stage.load(id)).status).toBe('rolling_out');
  });

  it('RB-4: one that breaks data asks the same person a second time, and then goes', async ({ stage }) => {
    const id = await request(stage, 'checkout v2.1.0 to production', { 'schedule.database': 'breaking' });
    await signAll(stage, id);
    await stage.pass(MINUTE, async () => (await stage.load(id)).status === 'rolling_out');
    const { told } = await stage.click('omar', await stage.card(id), 'card.roll_back');
    expect(told).toEqual([
      expect.stringMatching(/breaks data: the old version does not work .*point in time/),
    ]);
    expect((await stage.load(id)).status).toBe('rolling_out');
    const whispers = await stage.driver.messages({ channel: 'checkout', user: PEOPLE.omar });
    const asked = whispers.findLast(({ ephemeral }) => ephemeral === PEOPLE.omar);
    if (asked === undefined) throw new Error('not asked');
    await stage.click('omar', asked, 'card.break_data');
    await stage.pass(MINUTE, rolledBack(stage, id));
    expect((await stage.load(id)).status).toBe('rolled_back');
    await expectTruth(stage, id);
  });

  it('RB-1, RB-7: with the backend away, it is on its way, says so, and arrives when the backend is back', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    stage.world.setOutage({ from: stage.clock.now(), to: stage.clock.now() + 4 * MINUTE });
    await stage.click('omar', await stage.card(id), 'card.roll_back');
    await stage.pass(2 * MINUTE);
    expect((await stage.card(id)).text).toMatch(/Going back to v2\.0\.4 .*⚠️ Trouble since .*tried again/s);
    await expectTruth(stage, id);
    await stage.pass(HOUR, rolledBack(stage, id));
    expect((await stage.card(id)).text).toContain('v2.0.4 is back');
    await expectTruth(stage, id);
  });

  it('RB-1: a backend that never does it can be taken over by hand, with the reason', async ({ stage }) => {
    const id = await rollingOut(stage);
    stage.world.setOutage({ from: stage.clock.now(), to: stage.clock.now() + 100 * HOUR });
    await stage.click('omar', await stage.card(id), 'card.roll_back');
    await stage.pass(5 * MINUTE);
    await stage.click('omar', await stage.card(id), 'card.give_up');
    await stage.submit('omar', { 'reason.text': 'Switched at the load balancer by Omar.' });
    expect((await stage.card(id)).text).toMatch(
      /the rollback failed.*Switched at the load balancer by Omar\./s,
    );
    expect((await stage.load(id)).status).toBe('failed');
    await expectTruth(stage, id);
  });
});
