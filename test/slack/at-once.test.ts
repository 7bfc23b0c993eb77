import { describe, expect } from 'vitest';
import type { Delivered } from '../../local-slack/protocol.ts';
import { MINUTE } from '../../src/time.ts';
import { askedWhyHeld, heldAndPassed, request, rollingOut, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth, timelineOf } from './truth.ts';
import { choice, elementOf } from './views-in-slack.ts';

async function whispersTo(
  stage: Stage,
  person: keyof typeof PEOPLE,
  channel = 'checkout',
): Promise<string[]> {
  const seen = await stage.driver.messages({ channel, user: PEOPLE[person] });
  return seen.filter(({ ephemeral }) => ephemeral === PEOPLE[person]).map(({ text }) => text);
}

/** Several people click before anybody sees what came of the others' clicks. */
async function together(stage: Stage, clicks: (() => Promise<Delivered>)[]): Promise<void> {
  const done = await Promise.all(clicks.map((click) => click()));
  expect(done.map(({ ok }) => ok)).toEqual(clicks.map(() => true));
  await stage.settled();
}

describe('the same thing twice', () => {
  it('a modal that is sent twice asks once', async ({ stage }) => {
    const { modal } = await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production');
    if (modal === null) throw new Error('no modal');
    await stage.driver.faults({ on: 'view_submission', do: 'duplicate', times: 1 });
    await stage.submit('dana', { 'schedule.summary': 'Adds Apple Pay.' });
    await stage.settled();
    const all = await stage.bot.stores.events.list({ limit: 10 });
    expect(all).toHaveLength(1);
    await expectTruth(stage, all[0]?.id ?? '');
  });

  it('a go that is clicked twice counts once, and the second click says so', async ({ stage }) => {
    const id = await request(stage);
    const { channel, ts, blocks } = await stage.card(id);
    const { value } = elementOf({ blocks }, 'card.go');
    const click = () =>
      stage.driver.action(
        PEOPLE.sana,
        { channel, ts },
        { action_id: 'card.go', ...(value ? { value } : {}) },
      );
    await together(stage, [click, click]);
    expect((await stage.load(id)).approval.signOffs).toHaveLength(1);
    expect(await whispersTo(stage, 'sana')).toEqual([expect.stringContaining('is recorded already')]);
    await expectTruth(stage, id);
  });

  it('a click that Slack delivers twice acts once', async ({ stage }) => {
    const id = await rollingOut(stage);
    await stage.driver.faults({ on: 'block_actions', do: 'duplicate', times: 1 });
    await stage.click('omar', await stage.card(id), 'card.roll_back');
    await stage.pass(MINUTE);
    const types = (await stage.bot.stores.events.events(id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'rollback_started')).toHaveLength(1);
    expect((await stage.load(id)).status).toBe('rolled_back');
    await expectTruth(stage, id);
  });

  it('a promotion that is clicked twice skips no stage', async ({ stage }) => {
    const id = await heldAndPassed(stage);
    const { channel, ts } = await stage.card(id);
    const click = () => stage.driver.action(PEOPLE.dana, { channel, ts }, { action_id: 'card.promote' });
    await together(stage, [click, click]);
    await stage.pass(MINUTE);
    expect((await stage.load(id)).rollout?.stages.map(({ percent }) => percent)).toEqual([5, 25]);
    expect(await whispersTo(stage, 'dana')).toHaveLength(1);
    await expectTruth(stage, id);
  });
});

describe('two people at once', () => {
  it('one rolls back, and the other is told who was faster', async ({ stage }) => {
    const id = await rollingOut(stage);
    const { channel, ts } = await stage.card(id);
    const click = (user: string) => () =>
      stage.driver.action(user, { channel, ts }, { action_id: 'card.roll_back' });
    await together(stage, [click(PEOPLE.omar), click(PEOPLE.dana)]);
    const by = (await stage.load(id)).rollback?.by;
    const winner = by?.kind === 'person' && by.id === PEOPLE.dana ? 'dana' : 'omar';
    const loser = winner === 'dana' ? 'omar' : 'dana';
    const name = winner === 'dana' ? 'Dana' : 'Omar';
    expect(await whispersTo(stage, winner)).toEqual([]);
    expect(await whispersTo(stage, loser)).toEqual([
      expect.stringMatching(new RegExp(`Someone was faster: .*started by ${name}`)),
    ]);
    await expectTruth(stage, id);
  });

  it('ST-6: two hold: it is held at once, the other reads who was faster, and why comes after', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    const { channel, ts } = await stage.card(id);
    const click = (user: string) => () =>
      stage.driver.action(user, { channel, ts }, { action_id: 'card.hold' });
    await together(stage, [click(PEOPLE.tom), click(PEOPLE.sana)]);
    const { hold } = (await stage.load(id)).rollout ?? {};
    const winner = hold?.by.kind === 'person' && hold.by.id === PEOPLE.tom ? 'tom' : 'sana';
    const loser = winner === 'tom' ? 'sana' : 'tom';
    expect(await whispersTo(stage, loser)).toEqual([expect.stringContaining('Someone was faster:')]);
    await stage.click(winner, await askedWhyHeld(stage, id), 'card.explain_hold');
    await stage.submit(winner, { 'reason.text': 'A log line.' });
    expect(await stage.load(id)).toMatchObject({
      status: 'held',
      rollout: { hold: { reason: 'A log line.' } },
    });
  });

  it('three approvers click in the same instant, and all three count', async ({ stage }) => {
    const id = await request(stage);
    const { channel, ts } = await stage.card(id);
    const go = (user: string) => () => stage.driver.action(user, { channel, ts }, { action_id: 'card.go' });
    await together(stage, [go(PEOPLE.tom), go(PEOPLE.sana), go(PEOPLE.omar)]);
    await stage.pass(MINUTE);
    expect((await stage.load(id)).approval.signOffs).toHaveLength(3);
    expect((await stage.load(id)).status).toBe('rolling_out');
    expect((await timelineOf(stage, id)).filter((line) => line.includes('✅ Go from'))).toHaveLength(3);
    await expectTruth(stage, id);
  });

  it('two ask for the same place: one gets it, the other reads at the version whose it is', async ({
    stage,
  }) => {
    await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production');
    await stage.type('tom', 'checkout', '/deploy checkout v2.1.1 to production');
    const summary = { 'schedule.summary': 'Adds Apple Pay.' };
    const [first, second] = await Promise.all([stage.submit('dana', summary), stage.submit('tom', summary)]);
    const refused = [first, second].filter(({ ok }) => !ok);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.errors).toEqual({ 'schedule.version': expect.stringMatching(/D-\d+/) });
    expect(await stage.bot.stores.events.list({ limit: 10 })).toHaveLength(1);
  });
});

describe('a button that is out of date', () => {
  it('CH-7: a go in a DM for what has changed meanwhile signs nothing and says so', async ({ stage }) => {
    const id = await request(stage);
    const [dm] = await stage.dm('sana');
    if (dm === undefined) throw new Error('Sana was not asked');
    // The messages' clock stands still until `settled`: the DM goes on showing what it showed.
    const card = await stage.card(id);
    const { options = [] } = elementOf(card, 'card.more');
    await stage.driver.action(
      PEOPLE.dana,
      { channel: card.channel, ts: card.ts },
      { action_id: 'card.more', value: options[0]?.value ?? '' },
    );
    await stage.bot.idle();
    const view = await stage.driver.view(PEOPLE.dana);
    if (view === null) throw new Error('no modal');
    const version = elementOf(view, 'schedule.version').block;
    await stage.driver.submit(PEOPLE.dana, view.id, { [version]: { 'schedule.version': 'v2.1.2' } });
    await stage.bot.idle();
    expect((await stage.load(id)).terms.envelope.version).toBe('v2.1.2');
    await stage.driver.action(PEOPLE.sana, { channel: dm.channel, ts: dm.ts }, { action_id: 'card.go' });
    await stage.bot.idle();
    expect((await stage.load(id)).approval.signOffs).toEqual([]);
    expect(await whispersTo(stage, 'sana', `dm:${PEOPLE.sana}:bot`)).toEqual([
      expect.stringContaining('has changed since this was drawn'),
    ]);
    await stage.settled();
    await expectTruth(stage, id);
  });

  it('ST-6: a promotion on Home for a stage that is over promotes nothing and says so', async ({ stage }) => {
    const id = await rollingOut(stage);
    const home = await stage.home('dana');
    await stage.driver.faults({ on: 'views.publish', do: 'error', error: 'internal_error' });
    stage.expectTrouble({ call: 'views.publish', error: 'internal_error' });
    await stage.click('dana', await stage.card(id), 'card.promote');
    await stage.submit('dana', { 'reason.text': 'The graphs are flat.' });
    await stage.pass(MINUTE);
    const { modal } = await stage.click('dana', home, 'card.promote');
    expect(JSON.stringify(modal?.blocks)).toContain('That was for stage 1, and stage 2 runs now.');
    expect((await stage.load(id)).rollout?.stages).toHaveLength(2);
  });

  it('K-4: a go on a card of something that has ended says that it is over', async ({ stage }) => {
    const id = await request(stage);
    const home = await stage.home('sana');
    await stage.driver.faults({ on: 'views.publish', do: 'error', error: 'internal_error' });
    stage.expectTrouble({ call: 'views.publish', error: 'internal_error' });
    await stage.type('dana', 'checkout', `/deploy cancel ${id}`);
    const { modal } = await stage.click('sana', home, 'card.go');
    expect(JSON.stringify(modal?.blocks)).toContain('Sign-offs for checkout v2.1.0 are over');
  });

  it('K-8: a modal for a reason, sent when it is too late for it, says so at its field', async ({
    stage,
  }) => {
    const id = await request(stage);
    const card = await stage.card(id);
    await stage.click('dana', card, 'card.more', choice(card, 'card.more', 'Cancel'));
    await signAll(stage, id);
    await stage.pass(MINUTE);
    const { errors } = await stage.submit('dana', { 'reason.text': 'A log line.' });
    expect(errors).toEqual({ 'reason.text': expect.stringContaining("checkout v2.1.0 can't be cancelled") });
  });

  it('ST-6: gone from the message, it cannot be clicked at all', async ({ stage }) => {
    const id = await request(stage);
    const card = await stage.card(id);
    await signAll(stage, id);
    await expect(stage.click('sana', card, 'card.go')).rejects.toThrow(/card\.go/);
  });
});
