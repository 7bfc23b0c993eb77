import { describe, expect } from 'vitest';
import type { FaultToSet } from '../../local-slack/driver-client.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { HOME_ACTIONS } from '../../views/home.ts';
import { callSlack } from './as-the-bot.ts';
import { examplePolicy } from './bot.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth, timelineOf } from './truth.ts';

/** One message of each kind is where it belongs, and none is there twice. */
async function expectNothingTwice(stage: Stage, id: string): Promise<void> {
  await expectTruth(stage, id);
  const lines = await timelineOf(stage, id);
  expect(new Set(lines).size).toBe(lines.length);
  for (const person of ['tom', 'sana', 'omar'] as const) expect(await stage.dm(person)).toHaveLength(1);
}

const FAILURES: [string, Omit<FaultToSet, 'on'>, string | undefined][] = [
  ['429', { do: 'status', status: 429, retry_after: 7 }, 'ratelimited'],
  ['500', { do: 'status', status: 500 }, 'internal_error'],
  ['an error of its own', { do: 'error', error: 'fatal_error' }, 'fatal_error'],
  ['nothing: the connection is cut', { do: 'cut' }, undefined],
];

/** Each waits for a real time-out, so they wait together. */
describe.concurrent('calls that Slack takes and never answers', () => {
  it('K-3: a post is given up after ten seconds, looked for, and sent again', async ({ open }) => {
    const stage = await open();
    await stage.driver.faults({ on: 'chat.postMessage', do: 'hang', times: 1 });
    const id = await request(stage);
    await expectTruth(stage, id);
    expect(await timelineOf(stage, id)).toHaveLength(1);
  });

  it('K-3: an update is given up after ten seconds, and sent again', async ({ open }) => {
    const stage = await open();
    const id = await request(stage);
    await stage.driver.faults({ on: 'chat.update', do: 'hang', times: 1 });
    await stage.click('tom', await stage.card(id), 'card.go');
    await expectTruth(stage, id);
  });

  it('K-1: whoever waits for a modal is told within the time Slack gives them', async ({ open }) => {
    const stage = await open();
    await stage.driver.faults({ on: 'views.open', do: 'hang', times: 1 });
    const { told, modal } = await stage.type('dana', 'checkout', '/deploy checkout v2.1.0');
    expect(modal).toBeNull();
    expect(told).toEqual([expect.stringMatching(/^Slack did not answer in time\. That passes: try again/)]);
  });

  it('K-1: /deploy opens its modal all the same where Slack does not say who typed it', async ({ open }) => {
    const stage = await open();
    const words = '/deploy checkout v2.1.0 to production at 14:00';
    // Nobody has heard of her yet: she may be a guest, and is shown nothing.
    await stage.driver.faults({ on: 'users.info', do: 'hang', times: 1 });
    expect(await stage.type('dana', 'checkout', words)).toMatchObject({
      modal: null,
      told: [expect.stringContaining('Slack did not say who you are')],
    });
    await stage.type('dana', 'checkout', words);
    await stage.pass(6 * MINUTE);
    await stage.driver.faults({ on: 'users.info', do: 'hang', times: 1 });
    const { modal } = await stage.type('dana', 'checkout', words);
    expect(modal?.title).toBe('Schedule a deployment');
  });

  it('CH-6: silence about who clicked is a no, and the next click works', async ({ open }) => {
    const stage = await open();
    const id = await request(stage);
    await stage.driver.faults({ on: 'users.info', do: 'hang', times: 1 });
    stage.expectTrouble({ logged: 'a person could not be looked up and was refused' });
    const { told } = await stage.click('tom', await stage.card(id), 'card.go');
    expect(told).toEqual([expect.stringContaining('Slack did not say who you are')]);
    await stage.click('tom', await stage.card(id), 'card.go');
    expect((await stage.load(id)).approval.signOffs).toHaveLength(1);
  });
});

describe.concurrent('messages while Slack is in trouble', () => {
  it.for(FAILURES)(
    'K-3: %s for posts: all arrive later, in order, and once',
    async ([_what, fault, error], { stage }) => {
      await stage.driver.faults({ on: 'chat.postMessage', times: 9, ...fault });
      if (error !== undefined) stage.expectTrouble({ call: 'chat.postMessage', error });
      const id = await request(stage);
      await signAll(stage, id);
      await stage.pass(MINUTE);
      await expectNothingTwice(stage, id);
      expect((await timelineOf(stage, id))[0]).toContain('Dana asked for v2.1.0');
      expect((await stage.load(id)).status).toBe('rolling_out');
    },
  );

  it('K-3: what comes after a line that failed waits for it, so that the thread reads in order', async ({
    open,
  }) => {
    const stage = await open();
    const id = await request(stage);
    const { channel, ts } = await stage.card(id);
    await stage.driver.faults({ on: 'chat.postMessage', do: 'status', status: 500, times: 1 });
    stage.expectTrouble({ call: 'chat.postMessage', error: 'internal_error' });
    for (const person of ['tom', 'sana', 'omar'] as const) {
      await stage.driver.action(PEOPLE[person], { channel, ts }, { action_id: 'card.go' });
      await stage.bot.idle();
    }
    await stage.settled();
    expect((await timelineOf(stage, id)).slice(1)).toEqual([
      expect.stringContaining('Go from Tom'),
      expect.stringContaining('Go from Sana'),
      expect.stringContaining('Go from Omar'),
      expect.stringContaining('Less than 24 h ahead'),
      expect.stringContaining('has started'),
    ]);
  });

  it('K-3: a post whose answer is lost is looked for and not posted again: card, line and direct message', async ({
    stage,
  }) => {
    await stage.driver.faults({ on: 'chat.postMessage', do: 'lose-answer', times: 5 });
    const id = await request(stage);
    await signAll(stage, id);
    await expectNothingTwice(stage, id);
  });

  it.for(FAILURES)(
    'K-3: %s for updates: the card is true in the end',
    async ([_what, fault, error], { stage }) => {
      const id = await request(stage);
      await stage.driver.faults({ on: 'chat.update', times: 5, ...fault });
      if (error !== undefined) stage.expectTrouble({ call: 'chat.update', error });
      await signAll(stage, id);
      await stage.pass(MINUTE);
      await expectNothingTwice(stage, id);
    },
  );

  it('K-3: an update whose answer is lost changes nothing twice', async ({ stage }) => {
    const id = await request(stage);
    await stage.driver.faults({ on: 'chat.update', do: 'lose-answer', times: 3 });
    await signAll(stage, id);
    await expectNothingTwice(stage, id);
  });

  it('K-3: while Slack asks to wait it is left alone that long, and a modal opens meanwhile', async ({
    stage,
  }) => {
    const id = await request(stage);
    await stage.driver.faults({
      on: 'chat.update',
      do: 'status',
      status: 429,
      retry_after: 20,
      times: 1,
    });
    stage.expectTrouble({ call: 'chat.update', error: 'ratelimited' });
    const { channel, ts } = await stage.card(id);
    await stage.driver.action(PEOPLE.tom, { channel, ts }, { action_id: 'card.go' });
    await stage.bot.idle();
    const { modal } = await opened(stage);
    expect(modal?.title).toBe('Schedule a deployment');
    await stage.settled();
    await expectTruth(stage, id);
  });

  it('K-3: while Slack takes no more updates, none of another deployment is tried either', async ({
    open,
  }) => {
    const stage = await open({ settleFor: 10 * SECOND });
    const ids = [await request(stage), await request(stage, 'payments v9.4.0 to production')];
    const before = (await stage.driver.calls()).length;
    await stage.driver.faults({ on: 'chat.update', do: 'status', status: 429, retry_after: 30, times: 1 });
    stage.expectTrouble({ call: 'chat.update', error: 'ratelimited' });
    for (const id of ids) {
      const { channel, ts } = await stage.card(id);
      await stage.driver.action(PEOPLE.tom, { channel, ts }, { action_id: 'card.go' });
      await stage.settled(5 * SECOND);
    }
    const [first, ...others] = (await stage.driver.calls())
      .slice(before)
      .filter(({ method }) => method === 'chat.update');
    // Whichever message hears it; others about the same go may have been on their way beside it.
    expect(first?.error).toBe('ratelimited');
    const cards = await Promise.all(ids.map((id) => stage.card(id)));
    const isCard = (ts: unknown): boolean => cards.some((card) => card.ts === ts);
    expect(others.filter(({ args }) => isCard(args.ts) || String(args.text).includes('payments'))).toEqual(
      [],
    );
    await stage.settled(MINUTE);
    for (const id of ids) await expectTruth(stage, id);
  });

  it('K-3: a whole outage of Slack stops no rollout; afterwards all is told, once', async ({ open }) => {
    const stage = await open({ settleFor: 5 * MINUTE });
    const id = await rollingOut(stage);
    await stage.driver.faults({ on: '*', do: 'cut' });
    await stage.pass(31 * MINUTE);
    expect((await stage.load(id)).rollout?.stages).toHaveLength(2);
    await stage.driver.clearFaults();
    await stage.settled();
    await expectNothingTwice(stage, id);
  });

  it('K-3: a card that somebody deleted is posted again', async ({ stage }) => {
    const id = await request(stage);
    const old = await stage.card(id);
    await callSlack(stage, 'chat.delete', { channel: old.channel, ts: old.ts });
    stage.expectTrouble({ call: 'chat.update', error: 'cant_update_message' });
    const [dm] = await stage.dm('sana');
    if (dm === undefined) throw new Error('Sana was not asked');
    await stage.click('sana', dm, 'card.go');
    const posted = await stage.card(id);
    expect(posted.ts).not.toBe(old.ts);
    expect(posted.text).toContain('Waiting for 2 of 3 sign-offs');
  });

  it('K-3: where the bot is not in the channel, whoever asked is told why, and the deployment goes on', async ({
    open,
  }) => {
    const policy = examplePolicy().replace('channel: C0CHECKOUT2', 'channel: C0GENERAL04');
    const stage = await open({ policy, settleFor: 2 * MINUTE });
    stage.expectTrouble({ call: 'chat.postMessage', error: 'not_in_channel' });
    stage.expectTrouble({ logged: 'a message cannot be shown' });
    const id = await request(stage);
    const [told, ...more] = await stage.dm('dana');
    expect(more).toEqual([]);
    expect(told?.text).toMatch(new RegExp(`The card of ${id} cannot be shown .*invite me there`));
    for (const person of ['tom', 'sana', 'omar'] as const) {
      const [dm] = await stage.dm(person);
      if (dm) await stage.click(person, dm, 'card.go');
    }
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolling_out');
  });

  it('K-3: once the bot is in the channel, the card appears, with its thread in order', async ({ open }) => {
    const policy = examplePolicy().replace('channel: C0CHECKOUT2', 'channel: C0GENERAL04');
    const stage = await open({ policy, settleFor: 3 * MINUTE, scopes: ['channels:join'] });
    stage.expectTrouble({ call: 'chat.postMessage', error: 'not_in_channel' });
    stage.expectTrouble({ logged: 'a message cannot be shown' });
    const id = await request(stage);
    for (const person of ['tom', 'sana'] as const) {
      const [dm] = await stage.dm(person);
      if (dm) await stage.click(person, dm, 'card.go');
    }
    await callSlack(stage, 'conversations.join', { channel: 'C0GENERAL04' });
    await stage.settled();
    await expectNothingTwice(stage, id);
    expect(await timelineOf(stage, id)).toEqual([
      expect.stringContaining('Dana asked for v2.1.0'),
      expect.stringContaining('Go from Tom'),
      expect.stringContaining('Go from Sana'),
    ]);
  });

  it('K-3: under Slack’s own rate limits nothing is lost either', async ({ open }) => {
    const stage = await open({ rateLimits: 'slack' });
    stage.expectTrouble({ call: 'chat.postMessage', error: 'ratelimited', may: true });
    const id = await request(stage);
    await signAll(stage, id);
    await stage.pass(2 * MINUTE);
    await expectNothingTwice(stage, id);
  });
});

function opened(stage: Stage) {
  return stage.driver
    .command(PEOPLE.dana, 'checkout', '/deploy')
    .then(() => stage.bot.idle())
    .then(async () => ({ modal: await stage.driver.view(PEOPLE.dana) }));
}

describe.concurrent('answers while Slack is in trouble', () => {
  it.for([
    [
      '429',
      { do: 'status', status: 429, retry_after: 30 },
      'ratelimited',
      /no more calls from GoNoGo for 30 s\./,
    ],
    ['500', { do: 'status', status: 500 }, 'internal_error', /^Slack did not answer in time\./],
    ['nothing: the connection is cut', { do: 'cut' }, undefined, /^Slack did not answer in time\./],
    [
      'a trigger that is over',
      { do: 'error', error: 'expired_trigger_id' },
      'expired_trigger_id',
      /^Slack was too slow: a form must open within 3 seconds\./,
    ],
  ] as const)(
    'K-1: %s for views.open is told at once as what passes, and not as a fault of ours',
    async ([_what, fault, error, words], { stage }) => {
      await stage.driver.faults({ on: 'views.open', times: 1, ...fault });
      if (error !== undefined) stage.expectTrouble({ call: 'views.open', error });
      const { told, modal } = await stage.type('dana', 'checkout', '/deploy checkout v2.1.0');
      expect(modal).toBeNull();
      expect(told).toEqual([expect.stringMatching(words)]);
      expect(told[0]).toContain('That passes: try again.');
      expect(stage.bot.errors).toEqual([]);
      const again = await stage.type('dana', 'checkout', '/deploy checkout v2.1.0');
      expect(again.modal?.title).toBe('Schedule a deployment');
    },
  );

  it('K-1: an answer that does not go out beside the message is shown as a modal', async ({ stage }) => {
    await stage.driver.faults({ on: 'response_url', do: 'status', status: 500, times: 1 });
    const { told, modal } = await stage.type('dana', 'checkout', '/deploy status checkout');
    expect(told).toEqual([]);
    expect(JSON.stringify(modal?.blocks)).toContain('production: v2.0.4');
  });

  it('K-1: where no form opens on Home, the person is told directly: whatever is accepted ends in an answer', async ({
    stage,
  }) => {
    const home = await stage.home('dana');
    await stage.driver.faults({ on: 'views.open', do: 'error', error: 'expired_trigger_id', times: 2 });
    stage.expectTrouble({ call: 'views.open', error: 'expired_trigger_id' });
    await stage.click('dana', home, HOME_ACTIONS.schedule);
    const told = (await stage.dm('dana')).map(({ text }) => text);
    expect(told.at(-1)).toMatch(
      /^Slack was too slow: a form must open within 3 seconds\. That passes: try again/,
    );
  });

  it('CH-6: so is a refusal on a card', async ({ stage }) => {
    const id = await request(stage);
    await stage.driver.faults({ on: 'response_url', do: 'cut', times: 1 });
    const { modal } = await stage.click('priya', await stage.card(id), 'card.go');
    expect(JSON.stringify(modal?.blocks)).toContain("You can't sign for checkout v2.1.0");
  });
});

describe('a rollback while Slack is slow', () => {
  it('RB-1, RB-7: the backend is told to go back before any slow message is', async ({ open }) => {
    let reached = (_name: string): void => {};
    const stage = await open({ point: (name) => reached(name) });
    const id = await rollingOut(stage);
    const commands = stage.world.commands().length;
    const slow = ['chat.postMessage', 'chat.update', 'views.publish', 'conversations.open'];
    await stage.driver.faults(...slow.map((on) => ({ on, do: 'delay' as const, ms: 1_500 })));
    const back = new Promise<void>((resolve) => {
      reached = (name) => name.startsWith('effect:after:') && resolve();
    });
    const { channel, ts } = await stage.card(id);
    const clickedAt = performance.now();
    await stage.driver.action(PEOPLE.omar, { channel, ts }, { action_id: 'card.roll_back' });
    await back;
    expect(performance.now() - clickedAt).toBeLessThan(1_000);
    expect(stage.world.commands()[commands]).toMatchObject({ command: { kind: 'rollback', to: 'v2.0.4' } });
  });
});
