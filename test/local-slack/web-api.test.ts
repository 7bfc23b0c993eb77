/** The Web API as a client finds it: encodings, tokens, scopes, limits and the limits of Block Kit. */
import { describe, expect, it } from 'vitest';
import {
  BOT,
  button,
  clientOf,
  DANA,
  DEPLOYS,
  GENERAL,
  GONE,
  GUEST,
  manifest,
  refusalOf,
  SCOPES,
  section,
  stage,
  TOM,
} from './stage.ts';

describe('a call on the wire', () => {
  it('Arguments may come form-encoded with JSON in strings, or as JSON; the token in the header or in the body', async () => {
    const { slack, driver } = await stage();
    const { token } = slack.workspace.bot;
    const blocks = [section('hi')];
    const form = { token, channel: DEPLOYS, text: 'one', blocks: JSON.stringify(blocks) };
    await fetch(`${slack.api}chat.postMessage`, { method: 'POST', body: new URLSearchParams(form) });
    await fetch(`${slack.api}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel: DEPLOYS, text: 'two', blocks }),
    });
    const messages = await driver.messages({ channel: 'deploys' });
    expect(messages.map(({ text }) => text)).toEqual(['one', 'two']);
    for (const message of messages) expect(message.blocks).toMatchObject(blocks);
  });

  it('A missing, a wrong and a misplaced token are three different refusals', async () => {
    const { slack } = await stage();
    expect(await refusalOf(clientOf(slack, '').auth.test())).toMatchObject({ error: 'not_authed' });
    expect(await refusalOf(clientOf(slack, 'xoxb-no').auth.test())).toMatchObject({ error: 'invalid_auth' });
    const swapped = clientOf(slack, slack.workspace.bot.app_token).auth.test();
    expect(await refusalOf(swapped)).toMatchObject({ error: 'not_allowed_token_type' });
    const sockets = clientOf(slack).apps.connections.open({});
    expect(await refusalOf(sockets)).toMatchObject({ error: 'not_allowed_token_type' });
  });

  it('An unknown method is refused by name', async () => {
    const { client } = await stage();
    expect(await refusalOf(client.apiCall('chat.shout'))).toMatchObject({ error: 'unknown_method' });
  });

  it('A method without its scope says what it needed and what was granted', async () => {
    const { client } = await stage({ manifest: manifest({ scopes: ['commands', 'users:read'] }) });
    expect(await refusalOf(client.chat.postMessage({ channel: DEPLOYS, text: 'hi' }))).toMatchObject({
      error: 'missing_scope',
      needed: 'chat:write',
      provided: 'commands,users:read',
    });
  });

  it('History needs the scope of its kind of channel', async () => {
    const { client } = await stage({
      manifest: manifest({ scopes: SCOPES.filter((scope) => scope !== 'channels:history') }),
    });
    expect(await refusalOf(client.conversations.history({ channel: DEPLOYS }))).toMatchObject({
      error: 'missing_scope',
      needed: 'channels:history',
    });
  });

  it('A missing argument is named', async () => {
    const { client } = await stage();
    expect(await refusalOf(client.apiCall('chat.postMessage', { text: 'hi' }))).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: channel [json-pointer:/channel]'] },
    });
  });

  it('Every call is logged with its arguments and without its token', async () => {
    const { driver, client } = await stage();
    await client.chat.postMessage({ channel: DEPLOYS, text: 'hi', blocks: [button('go')] as never });
    const [call] = await driver.calls({ method: 'chat.postMessage' });
    expect(call).toMatchObject({
      ok: true,
      args: { channel: DEPLOYS, blocks: [button('go')] },
      violations: [],
    });
    expect(call?.args).not.toHaveProperty('token');
  });
});

describe('the limits of a message', () => {
  it('A block that is too long is refused with a pointer to it', async () => {
    const { client, driver } = await stage();
    const blocks = [section('x'.repeat(3001))] as never;
    expect(await refusalOf(client.chat.postMessage({ channel: DEPLOYS, text: 'hi', blocks }))).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: {
        messages: [expect.stringMatching(/^\[ERROR\] .+ \[json-pointer:\/blocks\/0\/text\/text\]$/)],
      },
    });
    const [call] = await driver.calls({ method: 'chat.postMessage' });
    expect(call?.violations).toMatchObject([{ pointer: '/blocks/0/text/text', code: 'invalid_blocks' }]);
    expect(await driver.messages({ channel: 'deploys' })).toEqual([]);
  });

  it('Nothing to say, too much text, and too much in blocks are refused by their own names', async () => {
    const { client } = await stage();
    const post = (rest: object): Promise<unknown> =>
      client.apiCall('chat.postMessage', { channel: DEPLOYS, ...rest });
    const many = Array.from({ length: 5 }, () => section('x'.repeat(2900)));
    expect((await refusalOf(post({}))).error).toBe('no_text');
    expect((await refusalOf(post({ text: 'x'.repeat(50_000) }))).error).toBe('msg_too_long');
    expect((await refusalOf(post({ text: 'hi', blocks: many }))).error).toBe('msg_blocks_too_long');
    expect((await refusalOf(post({ text: 'hi', blocks: '[{' }))).error).toBe('invalid_blocks_format');
  });

  it('Blocks without a fallback text are taken, and recorded as a violation', async () => {
    const { client, driver } = await stage();
    await client.chat.postMessage({ channel: DEPLOYS, blocks: [section('hi')] } as never);
    const [call] = await driver.calls({ method: 'chat.postMessage' });
    expect(call).toMatchObject({ ok: true, violations: [{ pointer: '/text', code: 'no_text' }] });
  });

  it('Leniently, what Slack would refuse is taken and recorded', async () => {
    const { client, driver } = await stage({ strict: false });
    const blocks = [section('x'.repeat(3001))] as never;
    await client.chat.postMessage({ channel: DEPLOYS, text: 'hi', blocks });
    const [call] = await driver.calls({ method: 'chat.postMessage' });
    expect(call).toMatchObject({ ok: true, violations: [{ code: 'invalid_blocks' }] });
  });

  it('An image must name a file that Slack holds', async () => {
    const { client } = await stage();
    const blocks = [{ type: 'image', alt_text: 'chart', slack_file: { id: 'F0NOTHERE' } }] as never;
    expect((await refusalOf(client.chat.postMessage({ channel: DEPLOYS, text: 'hi', blocks }))).error).toBe(
      'invalid_blocks',
    );
  });
});

describe('who and where', () => {
  it('The bot posts only where it is, and only to who and what there is', async () => {
    const { client } = await stage();
    const post = async (channel: string): Promise<string> =>
      (await refusalOf(client.chat.postMessage({ channel, text: 'hi' }))).error;
    expect(await post(GENERAL)).toBe('not_in_channel');
    expect(await post('C0NOWHERE')).toBe('channel_not_found');
    expect(await post(BOT)).toBe('cannot_dm_bot');
    expect(await post(GONE)).toBe('user_disabled');
  });

  it('A message to a person goes to their direct message with the bot', async () => {
    const { client, driver } = await stage();
    const { channel } = await client.chat.postMessage({ channel: DANA, text: 'your go is needed' });
    const opened = await client.conversations.open({ users: DANA });
    expect(opened.channel?.id).toBe(channel);
    expect(await driver.messages({ channel: `dm:${DANA}:bot`, user: DANA })).toMatchObject([
      { text: 'your go is needed' },
    ]);
  });

  it('A direct message cannot be opened with the bot or with nobody', async () => {
    const { client } = await stage();
    const open = async (users: string): Promise<string> =>
      (await refusalOf(client.conversations.open({ users }))).error;
    expect(await open(BOT)).toBe('cannot_dm_bot');
    expect(await open('U0NOBODY')).toBe('user_not_found');
  });

  it('People come with what an app must check: deleted, guest, bot, team and zone', async () => {
    const { client } = await stage();
    const info = async (user: string): Promise<unknown> => (await client.users.info({ user })).user;
    expect(await info(DANA)).toMatchObject({
      ...{ deleted: false, is_bot: false, is_restricted: false, team_id: 'T0ACME00001', tz: 'Europe/Berlin' },
      profile: { email: 'dana@acme.example', display_name: 'Dana' },
    });
    expect(await info(GONE)).toMatchObject({ deleted: true });
    expect(await info(GUEST)).toMatchObject({ is_restricted: true });
    expect(await info(BOT)).toMatchObject({ is_bot: true });
    expect((await refusalOf(client.users.info({ user: 'U0NOBODY' }))).error).toBe('user_not_found');
  });

  it('An e-mail address shows only with its scope', async () => {
    const { client } = await stage({ manifest: manifest({ scopes: ['users:read'] }) });
    const { user } = await client.users.info({ user: DANA });
    expect(user?.profile).not.toHaveProperty('email');
    expect((await refusalOf(client.users.lookupByEmail({ email: 'dana@acme.example' }))).error).toBe(
      'missing_scope',
    );
  });

  it('A user group has its people, and one that is not there is refused', async () => {
    const { client, driver } = await stage();
    const [ops] = (await client.usergroups.list()).usergroups ?? [];
    expect(ops).toMatchObject({ handle: 'ops' });
    await driver.usergroup('ops', ['sana']);
    expect((await client.usergroups.users.list({ usergroup: ops?.id ?? '' })).users).toEqual(['U0SANA00003']);
    expect((await refusalOf(client.usergroups.users.list({ usergroup: 'S0NONE' }))).error).toBe(
      'no_such_subteam',
    );
  });
});

describe('rate limits', () => {
  it('Posting in one channel faster than about once a second is answered with 429 and the seconds to wait', async () => {
    const { client, timers } = await stage();
    const post = (channel = DEPLOYS): Promise<unknown> => client.chat.postMessage({ channel, text: 'hi' });
    for (let i = 0; i < 5; i++) await post();
    await expect(post()).rejects.toMatchObject({ retryAfter: 1 });
    await expect(post('C0CHECKOUT2')).resolves.toBeDefined();
    timers.advance(1_000);
    await expect(post()).resolves.toBeDefined();
    await expect(post()).rejects.toMatchObject({ retryAfter: 1 });
  });

  it('A method has the calls of its tier in a minute, and gets them back with time', async () => {
    const { client, timers } = await stage();
    const { ts = '' } = await client.chat.postMessage({ channel: DEPLOYS, text: 'hi' });
    const update = (): Promise<unknown> => client.chat.update({ channel: DEPLOYS, ts, text: 'ho' });
    for (let i = 0; i < 50; i++) await update();
    await expect(update()).rejects.toMatchObject({ retryAfter: 2 });
    await expect(client.users.info({ user: TOM })).resolves.toBeDefined();
    timers.advance(1_200);
    await expect(update()).resolves.toBeDefined();
  });

  it('Limits can be turned off, or scaled', async () => {
    const off = await stage({ rateLimits: 'off' });
    for (let i = 0; i < 30; i++) await off.client.chat.postMessage({ channel: DEPLOYS, text: 'hi' });
    const scaled = await stage({ rateLimits: { factor: 2 } });
    for (let i = 0; i < 10; i++) await scaled.client.chat.postMessage({ channel: DEPLOYS, text: 'hi' });
    await expect(scaled.client.chat.postMessage({ channel: DEPLOYS, text: 'hi' })).rejects.toMatchObject({
      retryAfter: 1,
    });
  });
});
