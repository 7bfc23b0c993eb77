/** The driver: what it takes, what it refuses, and who may use it. */
import { describe, expect, it } from 'vitest';
import { connectDriver } from '../../local-slack/driver-client.ts';
import type { SeedInput } from '../../local-slack/seed.ts';
import { appOn, button, DANA, DEPLOYS, GUEST, type Stage, section, settled, stage, TOM } from './stage.ts';

const raw = async ({ slack }: Stage, path: string, body: unknown): Promise<[number, unknown]> => {
  const response = await fetch(`${slack.url}/driver/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return [response.status, await response.json()];
};

async function card(
  { client }: Stage,
  blocks: object[] = [button('go')],
): Promise<{ channel: string; ts: string }> {
  const { ts = '' } = await client.chat.postMessage({
    channel: DEPLOYS,
    text: 'card',
    blocks: blocks as never,
  });
  return { channel: DEPLOYS, ts };
}

describe('the calls that the driver shows', () => {
  it('Only what is wrong is what was refused, or broke a rule', async () => {
    const on = await stage();
    await card(on);
    await on.client.chat.postMessage({ channel: DEPLOYS, blocks: [section('words')] } as never);
    await on.client.chat.postMessage({ channel: 'C-NOWHERE', text: 'x' }).catch(() => undefined);
    const posted = await on.driver.calls({ method: 'chat.postMessage' });
    expect(posted.map(({ ok, violations }) => [ok, violations.length])).toEqual([
      [true, 0],
      [true, 1],
      [false, 0],
    ]);
    expect(await on.driver.calls({ method: 'chat.postMessage', only: 'wrong' })).toEqual(posted.slice(1));
  });
});

describe('what the driver refuses', () => {
  it('A wrong call is 400, with the path of what is wrong', async () => {
    const on = await stage();
    const [status, body] = await raw(on, 'command', { user: 'dana', channel: 'deploys', text: 'no slash' });
    expect([status, body]).toEqual([400, { ok: false, error: 'must start with the slash', path: 'text' }]);
    const unknown = await raw(on, 'say', {
      user: 'dana',
      channel: 'deploys',
      text: 'hi',
      tread_ts: '1.000000',
    });
    expect(unknown).toMatchObject([400, { ok: false, path: 'tread_ts' }]);
    const both = { user: 'dana', action_id: 'go', view_id: 'V1', channel: 'C1', ts: '1.000000' };
    expect(await raw(on, 'action', both)).toMatchObject([400, { path: 'view_id' }]);
    expect(await raw(on, 'people', { user: 'dana', set: { tz: 'Mars/Base' } })).toMatchObject([
      400,
      { path: 'set.tz' },
    ]);
  });

  it('What is not there, or not shown to that person, is 404', async () => {
    const on = await stage();
    const at = await card(on);
    const { ts } = await card(on, [button('other')]);
    const as = (user: string, place: { channel: string; ts: string }, action_id: string): Promise<object> =>
      on.driver.action(user, place, { action_id });
    expect((await fetch(`${on.slack.url}/driver/nothing`)).status).toBe(404);
    await expect(as('nobody', at, 'go')).rejects.toMatchObject({ status: 404, path: 'user' });
    await expect(as('dana', { ...at, channel: 'nowhere' }, 'go')).rejects.toMatchObject({ path: 'channel' });
    await expect(as('dana', { ...at, ts: '1700000000.000000' }, 'go')).rejects.toMatchObject({ path: 'ts' });
    await expect(as('dana', { ...at, ts }, 'go')).rejects.toMatchObject({ status: 404, path: 'action_id' });
    await expect(as(GUEST, at, 'go')).rejects.toMatchObject({ status: 404, path: 'channel' });
    const other = on.driver.action('dana', at, { action_id: 'go', value: 'no' });
    await expect(other).rejects.toMatchObject({ status: 404, path: 'value' });
  });

  it('Of two elements with one action, the value or the block says which', async () => {
    const on = await stage();
    await appOn(on.slack, (app) => app.action('go', async ({ ack }) => ack()));
    const two = [button('go', 'a'), { ...button('go', 'b'), block_id: 'second' }];
    const at = await card(on, two);
    await expect(on.driver.action('dana', at, { action_id: 'go' })).rejects.toMatchObject({
      status: 400,
      path: 'block_id',
    });
    await on.driver.action('dana', at, { action_id: 'go', value: 'b' });
    await on.driver.action('dana', at, { action_id: 'go', block_id: 'second' });
    const clicks = (await on.driver.deliveries()).filter(({ what }) => what === 'block_actions');
    expect(clicks.map(({ payload }) => payload.actions)).toMatchObject([
      [{ value: 'b', block_id: 'second' }],
      [{ value: 'b', block_id: 'second' }],
    ]);
  });

  it('People write only where they are', async () => {
    const { driver } = await stage();
    await expect(driver.command(GUEST, 'deploys', '/deploy')).rejects.toMatchObject({ path: 'channel' });
    await expect(driver.say(GUEST, 'deploys', 'hi')).rejects.toMatchObject({ status: 404, path: 'channel' });
    await expect(driver.say('dana', 'deploys', 'hi', { thread_ts: '1.000000' })).rejects.toMatchObject({
      path: 'thread_ts',
    });
  });
});

describe('a click', () => {
  it('A click carries all that Slack sends with one', async () => {
    const on = await stage();
    const body = settled<object>();
    await appOn(on.slack, (app) =>
      app.action('go', async ({ ack, body: sent }) => {
        await ack();
        body.give(sent);
      }),
    );
    const options = ['low', 'high'].map((value) => ({ text: { type: 'plain_text', text: value }, value }));
    const risk = { type: 'static_select', action_id: 'risk', options, initial_option: options[0] };
    const at = await card(on, [
      section('card'),
      button('go', 'D-1'),
      { type: 'actions', block_id: 'r', elements: [risk] },
    ]);
    expect(await on.driver.action('dana', at, { action_id: 'go' })).toMatchObject({ ok: true });
    expect(await body.value).toMatchObject({
      type: 'block_actions',
      user: { id: DANA, username: 'dana', name: 'dana', team_id: 'T0ACME00001' },
      team: { id: 'T0ACME00001', domain: 'acme' },
      api_app_id: 'A0LOCALAPP1',
      container: { type: 'message', message_ts: at.ts, channel_id: DEPLOYS, is_ephemeral: false },
      channel: { id: DEPLOYS, name: 'deploys' },
      message: { type: 'message', ts: at.ts, text: 'card', bot_id: 'B0LOCALBOT1' },
      state: { values: { r: { risk: { type: 'static_select', selected_option: options[0] } } } },
      actions: [
        {
          type: 'button',
          action_id: 'go',
          block_id: 'buttons',
          value: 'D-1',
          action_ts: expect.stringMatching(/^\d+\.\d{6}$/),
        },
      ],
      trigger_id: expect.any(String),
      response_url: expect.stringContaining(on.slack.url),
    });
  });

  it('What one person sets in a message’s menu is theirs alone', async () => {
    const on = await stage();
    await appOn(on.slack, (app) => app.action(/.*/, async ({ ack }) => ack()));
    const options = ['low', 'high'].map((value) => ({ text: { type: 'plain_text', text: value }, value }));
    const risk = { type: 'static_select', action_id: 'risk', options };
    const at = await card(on, [button('go'), { type: 'actions', block_id: 'r', elements: [risk] }]);
    await on.driver.action('dana', at, { action_id: 'risk', value: 'high' });
    await on.driver.action('dana', at, { action_id: 'go' });
    await on.driver.action('tom', at, { action_id: 'go' });
    const clicks = (await on.driver.deliveries()).filter(({ what }) => what === 'block_actions');
    const chosen = clicks.slice(1).map(({ payload }) => payload.state);
    expect(chosen).toMatchObject([
      { values: { r: { risk: { selected_option: options[1] } } } },
      { values: { r: { risk: { selected_option: null } } } },
    ]);
  });

  it('A global shortcut carries a trigger and no channel', async () => {
    const { slack, driver } = await stage();
    const body = settled<object>();
    await appOn(slack, (app) =>
      app.shortcut('start', async ({ ack, body: sent }) => {
        await ack();
        body.give(sent);
      }),
    );
    await driver.shortcut('dana', 'start');
    expect(await body.value).toMatchObject({
      type: 'shortcut',
      user: { id: DANA },
      trigger_id: expect.any(String),
    });
    expect(await body.value).not.toHaveProperty('channel');
    await expect(driver.shortcut('dana', 'nope')).rejects.toMatchObject({ status: 404, path: 'callback_id' });
  });
});

describe('the stream', () => {
  it('Everything that happens is on the stream, in order, once, and again for who asks from before', async () => {
    const on = await stage();
    const at = await card(on);
    await on.client.chat.update({ ...at, text: 'changed' });
    await on.client.chat.delete(at);
    const late = await connectDriver(on.slack.url);
    const response = await fetch(`${on.slack.url}/driver/stream?since=0`);
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes('message_deleted')) text += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    const kinds = [...text.matchAll(/^event: (\w+)$/gm)]
      .map(([, kind]) => kind)
      .filter((kind) => kind?.startsWith('message'));
    expect(kinds).toEqual(['message', 'message_changed', 'message_deleted']);
    expect(late.mark()).toBe(0);
    await late.close();
  });

  it('Waiting for what does not come fails, and says what came instead', async () => {
    const { driver } = await stage();
    await driver.say('dana', 'deploys', 'hello');
    await expect(driver.until(() => false, { within: 20, what: 'a miracle' })).rejects.toThrow(
      /a miracle[\s\S]*hello/,
    );
  });
});

describe('who may come in', () => {
  const from = async (
    { slack }: Stage,
    headers: Record<string, string>,
    path = '/driver/workspace',
  ): Promise<number> => {
    const { port } = new URL(slack.url);
    const { request } = await import('node:http');
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('error', reject).end();
    });
  };

  it('Only this machine’s own addresses are answered, and no other site’s page', async () => {
    const on = await stage();
    const { port } = new URL(on.slack.url);
    expect(await from(on, { host: `localhost:${port}` })).toBe(200);
    expect(await from(on, { host: `127.0.0.1:${port}`, origin: `http://localhost:${port}` })).toBe(200);
    expect(await from(on, { host: 'rebound.example' })).toBe(403);
    expect(await from(on, { host: `localhost:${port}`, origin: 'https://evil.example' })).toBe(403);
    expect(await from(on, { host: `localhost:${port}`, origin: 'http://localhost:1' })).toBe(403);
    expect(await from(on, { host: `localhost:${port}`, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(
      await from(on, { host: `localhost:${port}`, origin: 'https://evil.example' }, '/api/auth.test'),
    ).toBe(403);
  });

  it('A form from elsewhere cannot reach the driver: it takes JSON only', async () => {
    const { slack } = await stage();
    const body = new URLSearchParams({ user: 'dana', channel: 'deploys', text: 'hi' });
    const response = await fetch(`${slack.url}/driver/say`, { method: 'POST', body });
    expect(response.status).toBe(415);
  });
});

describe('the workspace', () => {
  it('It says who and what there is, and how an app connects', async () => {
    const { driver, slack } = await stage();
    const workspace = await driver.workspace();
    expect(workspace).toMatchObject({
      api: slack.api,
      bot: {
        name: 'Tester',
        token: expect.stringMatching(/^xoxb-/),
        app_token: expect.stringMatching(/^xapp-/),
      },
      commands: [{ command: '/deploy' }, { command: '/raw' }],
      shortcuts: [
        { callback_id: 'look', type: 'message' },
        { callback_id: 'start', type: 'global' },
      ],
      connected: false,
    });
    expect(workspace.users.find(({ id }) => id === TOM)).toMatchObject({ name: 'tom', tz: 'Europe/London' });
    expect(workspace.dms).toContainEqual({ id: expect.stringMatching(/^D/), user: TOM });
  });

  it('People and channels may be one’s own', async () => {
    const workspace: SeedInput = {
      team: { id: 'T0OTHER', name: 'Other', domain: 'other' },
      users: [{ id: 'U0ADA', name: 'ada', real_name: 'Ada Lovelace' }],
      channels: [{ id: 'C0ONE', name: 'one', bot: true }],
    };
    const { driver } = await stage({ workspace });
    await driver.say('ada', 'one', 'hello');
    expect(await driver.messages({ channel: 'one' })).toMatchObject([{ user: 'U0ADA', text: 'hello' }]);
  });
});

describe('the page', () => {
  it('It is served at the root and at every link to a message, and loads nothing from elsewhere', async () => {
    const { slack } = await stage({ page: true });
    const [root, link] = await Promise.all([
      fetch(slack.url),
      fetch(`${slack.url}/archives/${DEPLOYS}/p1700000000000000`),
    ]);
    const html = await root.text();
    expect(root.headers.get('content-type')).toContain('text/html');
    expect(await link.text()).toBe(html);
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      expect((await fetch(slack.url + path)).status).toBe(200);
    }
    expect((await fetch(`${slack.url}/assets/nothing.js`)).status).toBe(404);
    expect(html).not.toMatch(/(?:src|href)="https?:/);
  });
});
