import { describe, expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it } from './stage.ts';
import { actionsOn, wordsOf } from './views-in-slack.ts';

describe('Home', () => {
  it('K-7: says what waits for the person who looks, and nobody else’s', async ({ stage }) => {
    const id = await request(stage);
    const sanas = await stage.home('sana');
    expect(wordsOf(sanas)).toContain(`*checkout v2.1.0 → production*  ·  ${id}`);
    expect(actionsOn(sanas)).toEqual(['home.schedule', 'card.go', 'card.no_go']);
    const danas = await stage.home('dana');
    expect(wordsOf(danas)).toContain('Nothing waits for you.');
    expect(actionsOn(danas)).toEqual(['home.schedule']);
  });

  it('K-7: Go there counts, and Home is brought up to date by itself, for all who look', async ({
    stage,
  }) => {
    const id = await request(stage);
    const home = await stage.home('sana');
    await stage.home('tom');
    expect(await stage.click('sana', home, 'card.go')).toMatchObject({ ok: true, modal: null });
    expect((await stage.load(id)).approval.signOffs).toMatchObject([{ role: 'security', decision: 'go' }]);
    const published = await stage.driver.calls({ method: 'views.publish' });
    const last = (person: 'sana' | 'tom') =>
      JSON.stringify(published.findLast(({ args }) => args.user_id === PEOPLE[person])?.args.view);
    expect(last('sana')).toContain('Nothing waits for you.');
    expect(last('tom')).toContain('Waiting for 2 of 3 sign-offs');
  });

  it('K-7: shows what rolls out, with its buttons, what is scheduled, and what has ended', async ({
    stage,
  }) => {
    const ended = await rollingOut(stage);
    await stage.click('omar', await stage.card(ended), 'card.roll_back');
    await stage.pass(MINUTE);
    const rolling = await rollingOut(stage, 'payments v9.4.0 to production');
    const scheduled = await request(stage, 'checkout v2.1.2 to production at 16:00');
    await signAll(stage, scheduled);
    const home = await stage.home('omar');
    const words = wordsOf(home);
    const order = ['Rolling out now', rolling, '"Scheduled"', scheduled, 'Recently finished', ended];
    expect(order.map((word) => words.indexOf(word)).every((at) => at > 0)).toBe(true);
    expect(order.map((word) => words.lastIndexOf(word))).toEqual(
      order.map((word) => words.lastIndexOf(word)).toSorted((a, b) => a - b),
    );
    expect(actionsOn(home)).toEqual(['home.schedule', 'card.promote', 'card.hold', 'card.roll_back']);
    await stage.click('omar', home, 'card.roll_back');
    await stage.pass(MINUTE);
    expect((await stage.load(rolling)).status).toBe('rolled_back');
  });

  it('K-7: a hold waits for its lead and on-call there, a no-go for whoever asked, until they ask again', async ({
    stage,
  }) => {
    const held = await rollingOut(stage);
    await stage.click('sana', await stage.card(held), 'card.hold');
    for (const person of ['dana', 'omar'] as const) {
      const words = wordsOf(await stage.home(person));
      expect(words).toContain('Decide. It stays like this until somebody does');
      expect(words).not.toContain('Nothing waits for you.');
    }
    expect(wordsOf(await stage.home('sana'))).toContain('Nothing waits for you.');
    await stage.click('omar', await stage.home('omar'), 'card.roll_back');
    await stage.pass(MINUTE);
    expect(wordsOf(await stage.home('dana'))).toContain('Nothing waits for you.');

    const refused = await request(stage, 'payments v9.4.0 to production');
    await stage.click('omar', await stage.card(refused), 'card.no_go');
    await stage.submit('omar', { 'no_go.text': 'The runbook is missing.' });
    const home = await stage.home('dana');
    expect(wordsOf(home)).toContain('The runbook is missing.');
    expect(wordsOf(await stage.home('omar'))).toContain('Nothing waits for you.');
    await stage.click('dana', home, 'card.again');
    expect(await stage.submit('dana')).toMatchObject({ ok: true });
    expect(wordsOf(await stage.home('dana'))).toContain('Nothing waits for you.');
  });

  it('K-7: a refusal there is a modal, because there is no message to answer on', async ({ stage }) => {
    await rollingOut(stage);
    const home = await stage.home('priya');
    const { modal } = await stage.click('priya', home, 'card.roll_back');
    expect(modal && wordsOf(modal)).toContain("You can't roll back checkout v2.1.0");
  });

  it('K-7: "Schedule a deployment" opens the modal', async ({ stage }) => {
    const { modal } = await stage.click('dana', await stage.home('dana'), 'home.schedule');
    expect(modal?.title).toBe('Schedule a deployment');
  });

  it('K-7: what changes while a Home is being drawn is seen on it a moment later', async ({ stage }) => {
    const id = await request(stage);
    const { channel, ts } = await stage.card(id);
    await stage.driver.faults({ on: 'views.publish', do: 'delay', ms: 300, times: 1 });
    const looking = stage.home('sana');
    await stage.driver.action(PEOPLE.tom, { channel, ts }, { action_id: 'card.go' });
    await looking;
    await stage.settled();
    const published = await stage.driver.calls({ method: 'views.publish' });
    expect(JSON.stringify(published.at(-1)?.args.view)).toContain('Waiting for 2 of 3 sign-offs');
  });

  it('K-7: a whole rollout costs a looker few publications, and the last one is true', async ({ stage }) => {
    const id = await rollingOut(stage);
    await stage.home('dana');
    const before = (await stage.driver.calls({ method: 'views.publish' })).length;
    await stage.pass(DAY, async () => (await stage.load(id)).status === 'observing');
    await stage.pass(HOUR);
    const published = await stage.driver.calls({ method: 'views.publish' });
    expect(published.length - before).toBeLessThan(5);
    expect((await stage.load(id)).status).toBe('observing');
    expect(JSON.stringify(published.at(-1)?.args.view)).toContain('Live, watched');
  });
});
