/** Events: only those the app subscribed to, only from where it is, in Slack's own wrapper. */
import { describe, expect, it } from 'vitest';
import {
  appOn,
  BOT,
  DANA,
  DEPLOYS,
  EVENTS,
  GENERAL,
  isDelivery,
  manifest,
  SCOPES,
  settled,
  stage,
} from './stage.ts';

describe('what is delivered', () => {
  it('A mention comes with its thread, in the wrapper of an event', async () => {
    const { slack, driver } = await stage();
    const mention = settled<object>();
    await appOn(slack, (app) => app.event('app_mention', async ({ body }) => mention.give(body)));
    const said = await driver.say('dana', 'deploys', 'something is wrong');
    const thread_ts = said.ok ? said.ts : '';
    const reply = await driver.say('dana', 'deploys', '@tester rollback checkout', { thread_ts });
    expect(await mention.value).toMatchObject({
      type: 'event_callback',
      team_id: 'T0ACME00001',
      api_app_id: 'A0LOCALAPP1',
      event_id: expect.stringMatching(/^Ev/),
      event_time: expect.any(Number),
      authorizations: [{ team_id: 'T0ACME00001', user_id: BOT, is_bot: true, enterprise_id: null }],
      event: {
        type: 'app_mention',
        user: DANA,
        text: `<@${BOT}> rollback checkout`,
        channel: DEPLOYS,
        ts: reply.ok ? reply.ts : '',
        thread_ts,
      },
    });
    expect(JSON.stringify(await mention.value)).not.toContain('trigger_id');
  });

  it('Messages, edits and deletions come from channels that the bot is in', async () => {
    const { driver, client } = await stage();
    const { ts = '' } = await client.chat.postMessage({ channel: DEPLOYS, text: 'one' });
    await client.chat.update({ channel: DEPLOYS, ts, text: 'two' });
    await client.chat.delete({ channel: DEPLOYS, ts });
    const events = (await driver.deliveries()).filter(({ attempt }) => attempt === 1);
    expect(events.map(({ payload }) => payload.event)).toMatchObject([
      { type: 'message', channel_type: 'channel', text: 'one', bot_id: 'B0LOCALBOT1' },
      { subtype: 'message_changed', message: { text: 'two' }, previous_message: { text: 'one' } },
      { subtype: 'message_deleted', deleted_ts: ts },
    ]);
  });

  it('The app hears nothing of a channel that it is not in, nor of its name there', async () => {
    const { driver } = await stage();
    await driver.say('dana', 'general', '@tester hello');
    expect((await driver.messages({ channel: GENERAL })).at(0)?.text).toContain(BOT);
    expect(await driver.deliveries()).toEqual([]);
  });

  it('An event that is not subscribed is not delivered', async () => {
    const { driver } = await stage({ manifest: manifest({ events: ['app_mention'] }) });
    await driver.say('dana', 'deploys', 'hello');
    expect(await driver.deliveries()).toEqual([]);
    await driver.say('dana', 'deploys', '@tester hello');
    expect((await driver.deliveries()).map(({ what }) => what)).toContain('app_mention');
  });

  it('A subscription without its scope delivers nothing', async () => {
    const scopes = SCOPES.filter((scope) => scope !== 'app_mentions:read');
    const { driver } = await stage({ manifest: manifest({ scopes, events: ['app_mention'] }) });
    await driver.say('dana', 'deploys', '@tester hello');
    expect(await driver.deliveries()).toEqual([]);
  });

  it('A direct message reaches the app where people may write to it', async () => {
    const open = manifest({ events: [...EVENTS, 'message.im'] }) as { features: { app_home: object } };
    open.features.app_home = { messages_tab_enabled: true };
    const { driver } = await stage({ manifest: open });
    await driver.say('dana', `dm:${DANA}:bot`, 'help');
    const { delivery } = await driver.event(isDelivery('message'));
    expect(delivery.payload.event).toMatchObject({ channel_type: 'im', user: DANA, text: 'help' });
  });
});

describe('people who change', () => {
  it('A deactivation is an event, shows in users.info, and does not stop the driver', async () => {
    const { slack, driver, client } = await stage();
    const change = settled<object>();
    const command = settled<string>();
    await appOn(slack, (app) => {
      app.event('user_change', async ({ event }) => change.give(event));
      app.command('/deploy', async ({ ack, body }) => {
        await ack();
        command.give(body.user_id);
      });
    });
    await driver.people('tom', { deleted: true });
    expect(await change.value).toMatchObject({ user: { name: 'tom', deleted: true } });
    expect((await client.users.info({ user: 'U0TOM000002' })).user).toMatchObject({ deleted: true });
    await driver.command('tom', 'deploys', '/deploy');
    expect(await command.value).toBe('U0TOM000002');
  });
});
