/** Slack's deadlines: three seconds to ack, three for a trigger, thirty minutes for a response, and redeliveries. */
import type { App } from '@slack/bolt';
import type { SocketModeClient } from '@slack/socket-mode';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../local-slack/protocol.ts';
import {
  appOn,
  button,
  DEPLOYS,
  input,
  isDelivery,
  manifest,
  modal,
  refusalOf,
  type Stage,
  section,
  settled,
  stage,
} from './stage.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

async function posted({ client, driver }: Stage, blocks: object[]): Promise<Message> {
  await client.chat.postMessage({ channel: DEPLOYS, text: 'card', blocks: blocks as never });
  const [message] = await driver.messages({ channel: 'deploys' });
  if (message === undefined) throw new Error('nothing was posted');
  return message;
}

describe('three seconds to ack', () => {
  it('A command that is acked in time shows the person no error', async () => {
    const { slack, driver } = await stage();
    await appOn(slack, (app) => app.command('/deploy', async ({ ack }) => ack()));
    expect(await driver.command('dana', 'deploys', '/deploy status')).toMatchObject({ ok: true });
    expect(await driver.messages({ channel: 'deploys', user: 'dana' })).toEqual([]);
  });

  it('A command that is not acked in 3 s shows the person an error, and comes only once', async () => {
    const { slack, driver, timers } = await stage();
    await appOn(slack, (app) => app.command('/deploy', async () => undefined));
    const answer = driver.command('dana', 'deploys', '/deploy status');
    await driver.event(isDelivery('/deploy'));
    timers.advance(2_999);
    expect(await driver.messages({ channel: 'deploys', user: 'dana' })).toEqual([]);
    timers.advance(1);
    expect(await answer).toMatchObject({ ok: false, ack_ms: 3_000, code: 'operation_timeout' });
    const [error] = await driver.messages({ channel: 'deploys', user: 'dana' });
    expect(error).toMatchObject({ user: 'USLACKBOT', text: expect.stringContaining('operation_timeout') });
    timers.advance(10 * MINUTE);
    expect(await driver.deliveries()).toHaveLength(1);
  });

  it('A command for an app that is not connected fails at once', async () => {
    const { driver } = await stage();
    expect(await driver.command('dana', 'deploys', '/deploy')).toMatchObject({
      ok: false,
      code: 'dispatch_failed',
    });
  });

  it('A click that is not acked in 3 s shows an error, and is not delivered again', async () => {
    const set = await stage();
    await appOn(set.slack, (app) => app.action('go', async () => undefined));
    const { ts } = await posted(set, [button('go')]);
    const answer = set.driver.action('dana', { channel: 'deploys', ts }, { action_id: 'go' });
    await set.driver.event(isDelivery('block_actions'));
    set.timers.advance(3 * SECOND);
    expect(await answer).toMatchObject({ ok: false, code: 'operation_timeout' });
    set.timers.advance(10 * MINUTE);
    const clicks = (await set.driver.deliveries()).filter(({ what }) => what === 'block_actions');
    expect(clicks).toHaveLength(1);
  });

  it('A submission that is not acked in 3 s leaves the modal open with an error', async () => {
    const { slack, driver, timers } = await stage();
    await appOn(slack, (app) => {
      app.command('/deploy', async ({ ack, body, client }) => {
        await ack();
        await client.views.open({ trigger_id: body.trigger_id, view: modal('m', [section('hi')]) });
      });
      app.view('m', async () => undefined);
    });
    await driver.command('dana', 'deploys', '/deploy');
    const view = await driver.until(() => driver.view('dana'));
    const answer = driver.submit('dana', view.id);
    await driver.event(isDelivery('view_submission'));
    timers.advance(3 * SECOND);
    expect(await answer).toMatchObject({ ok: false, code: 'operation_timeout', view: { id: view.id } });
  });

  it('An ack that comes too late changes nothing, and its delay is recorded', async () => {
    const { slack, driver, timers } = await stage();
    const late = settled<() => Promise<void>>();
    await appOn(slack, (app) => {
      app.command('/deploy', async ({ ack }) => late.give(async () => ack('too late')));
    });
    const answer = driver.command('dana', 'deploys', '/deploy');
    const ack = await late.value;
    timers.advance(4 * SECOND);
    expect(await answer).toMatchObject({ ok: false });
    await ack();
    const { delivery } = (await driver.event(
      (event) => event.type === 'delivery' && event.delivery.ack_ms !== undefined,
    )) as { delivery: object };
    expect(delivery).toMatchObject({ error: 'operation_timeout', ack_ms: 4_000 });
  });
});

describe('redelivery of events', () => {
  it('An event that is not acked comes again at once, after 1 min and after 5 min, and then no more', async () => {
    const { slack, driver, timers } = await stage({ manifest: manifest({ events: ['app_mention'] }) });
    const next = ignoreAll(await appOn(slack, () => undefined));
    await driver.say('dana', 'deploys', '@tester hello');
    expect(await next()).toEqual({ num: 0, reason: '' });
    timers.advance(3 * SECOND);
    expect(await next()).toEqual({ num: 1, reason: 'timeout' });
    for (const [num, wait] of [
      [2, MINUTE],
      [3, 5 * MINUTE],
    ] as const) {
      timers.advance(3 * SECOND);
      const before = await driver.deliveries();
      timers.advance(wait - 1);
      expect(await driver.deliveries()).toHaveLength(before.length);
      timers.advance(1);
      expect(await next()).toEqual({ num, reason: 'timeout' });
    }
    timers.advance(60 * MINUTE);
    const all = await driver.deliveries();
    expect(all.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(all.map(({ payload }) => payload.event_id)).size).toBe(1);
  });

  it('An event that is acked does not come again', async () => {
    const { slack, driver, timers } = await stage({ manifest: manifest({ events: ['app_mention'] }) });
    await appOn(slack, (app) => app.event('app_mention', async () => undefined));
    await driver.say('dana', 'deploys', '@tester hello');
    await driver.event((event) => event.type === 'delivery' && event.delivery.ack_ms !== undefined);
    timers.advance(60 * MINUTE);
    expect(await driver.deliveries()).toHaveLength(1);
  });

  it('An event that came while the app was away is delivered when it is back', async () => {
    const { slack, driver, timers } = await stage();
    await driver.say('dana', 'deploys', '@tester hello');
    await driver.event(isDelivery('app_mention', 2));
    const mention = settled<string>();
    await appOn(slack, (app) => app.event('app_mention', async ({ event }) => mention.give(event.text)));
    timers.advance(MINUTE);
    expect(await mention.value).toBe('<@U0LOCALBOT1> hello');
  });
});

/** Hears of every event and acks none, which Bolt would not let a listener do. */
function ignoreAll(app: App): () => Promise<{ num: unknown; reason: unknown }> {
  const { client } = Reflect.get(app, 'receiver') as { client: SocketModeClient };
  const heard: { num: unknown; reason: unknown }[] = [];
  let wake = (): void => undefined;
  client.removeAllListeners('slack_event');
  client.on('slack_event', ({ retry_num, retry_reason }) => {
    heard.push({ num: retry_num, reason: retry_reason });
    wake();
  });
  return async () => {
    while (heard.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return heard.shift() ?? { num: undefined, reason: undefined };
  };
}

describe('triggers', () => {
  async function triggered(set: Stage): Promise<string> {
    await appOn(set.slack, (app) => app.command('/deploy', async ({ ack }) => ack()));
    await set.driver.command('dana', 'deploys', '/deploy');
    const [delivery] = await set.driver.deliveries();
    return String(delivery?.payload.trigger_id);
  }

  it('A trigger opens one modal', async () => {
    const set = await stage();
    const trigger_id = await triggered(set);
    await set.client.views.open({ trigger_id, view: modal('m', [section('hi')]) });
    const again = set.client.views.open({ trigger_id, view: modal('m', [section('hi')]) });
    expect((await refusalOf(again)).error).toBe('exchanged_trigger_id');
  });

  it('A trigger is good for 3 s', async () => {
    const set = await stage();
    const trigger_id = await triggered(set);
    set.timers.advance(3_001);
    const late = set.client.views.open({ trigger_id, view: modal('m', [section('hi')]) });
    expect((await refusalOf(late)).error).toBe('expired_trigger_id');
    expect(await set.driver.view('dana')).toBeNull();
  });

  it('A view that is refused leaves its trigger unused', async () => {
    const set = await stage();
    const trigger_id = await triggered(set);
    const broken = set.client.views.open({ trigger_id, view: modal('m', [section('')]) });
    expect((await refusalOf(broken)).error).toBe('invalid_arguments');
    await set.client.views.open({ trigger_id, view: modal('m', [section('hi')]) });
    expect(await set.driver.view('dana')).toMatchObject({ callback_id: 'm' });
  });

  it('An invented trigger is an invalid argument', async () => {
    const { client } = await stage();
    const made = client.views.open({ trigger_id: '1.2.3', view: modal('m', [section('hi')]) });
    expect(await refusalOf(made)).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: [expect.stringContaining('trigger_id')] },
    });
  });
});

describe('response addresses', () => {
  async function responseUrl(set: Stage): Promise<string> {
    await appOn(set.slack, (app) => app.command('/deploy', async ({ ack }) => ack()));
    await set.driver.command('dana', 'deploys', '/deploy');
    const [delivery] = await set.driver.deliveries();
    return String(delivery?.payload.response_url);
  }

  const answer = (url: string, body: object = { text: 'hi' }): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('A response address takes five answers', async () => {
    const set = await stage();
    const url = await responseUrl(set);
    for (let i = 0; i < 5; i++) expect((await answer(url)).status).toBe(200);
    const sixth = await answer(url);
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
  });

  it('A response address is good for 30 minutes', async () => {
    const set = await stage();
    const url = await responseUrl(set);
    set.timers.advance(30 * MINUTE);
    expect((await answer(url)).status).toBe(200);
    set.timers.advance(1);
    const late = await answer(url);
    expect([late.status, await late.json()]).toEqual([404, { ok: false, error: 'expired_url' }]);
  });

  it('An answer is for the person alone, unless it says that it is for the channel', async () => {
    const set = await stage();
    const url = await responseUrl(set);
    await answer(url, { text: 'yours' });
    await answer(url, { text: 'everyone’s', response_type: 'in_channel' });
    const seen = async (user: string): Promise<string[]> =>
      (await set.driver.messages({ channel: 'deploys', user })).map(({ text }) => text);
    expect(await seen('dana')).toEqual(['yours', 'everyone’s']);
    expect(await seen('tom')).toEqual(['everyone’s']);
  });

  it('An answer keeps to the limits of a message', async () => {
    const set = await stage();
    const url = await responseUrl(set);
    expect((await answer(url, { text: 'hi', blocks: [input('in'), section('')] })).status).toBe(400);
    const [call] = await set.driver.calls({ method: 'response_url' });
    expect(call).toMatchObject({
      ok: false,
      error: 'invalid_blocks',
      violations: [{ pointer: '/blocks/1/text/text' }],
    });
  });
});
