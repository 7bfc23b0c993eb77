/** Ways to the app: several sockets, refreshes and cuts, and requests that are signed. */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import {
  appOn,
  clientOf,
  DEPLOYS,
  isDelivery,
  manifest,
  quiet,
  refusalOf,
  type Stage,
  section,
  settled,
  stage,
} from './stage.ts';

describe('sockets', () => {
  const counting = (counts: Record<string, number>, name: string) => (app: App) => {
    app.command('/deploy', async ({ ack }) => {
      counts[name] = (counts[name] ?? 0) + 1;
      await ack();
    });
  };

  it('Deliveries are spread over the connections of an app', async () => {
    const { slack, driver } = await stage();
    const counts: Record<string, number> = {};
    await appOn(slack, counting(counts, 'first'));
    await appOn(slack, counting(counts, 'second'));
    for (let i = 0; i < 6; i++) await driver.command('dana', 'deploys', '/deploy');
    expect(counts).toEqual({ first: 3, second: 3 });
  });

  it('While one connection is refreshed, another keeps serving', async () => {
    const { slack, driver } = await stage();
    const counts: Record<string, number> = {};
    await appOn(slack, counting(counts, 'first'));
    await appOn(slack, counting(counts, 'second'));
    await driver.faults({ on: 'socket', do: 'refresh', times: 1 });
    for (let i = 0; i < 4; i++) {
      expect(await driver.command('dana', 'deploys', '/deploy')).toMatchObject({ ok: true });
    }
    expect(counts).toEqual({ second: 4 });
  });

  it('A connection that is asked to refresh gets nothing more, even while it stays open', async () => {
    const { slack, driver } = await stage();
    const client = clientOf(slack, slack.workspace.bot.app_token);
    const idle = await helloFrom((await client.apps.connections.open({})).url ?? '', 1);
    onTestFinished(() => idle.terminate());
    const asked = new Promise<string>((resolve) => idle.once('message', (data) => resolve(String(data))));
    await appOn(slack, counting({}, 'serving'));
    await driver.faults({ on: 'socket', do: 'refresh', times: 1 });
    expect(JSON.parse(await asked)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
    for (let i = 0; i < 3; i++) {
      expect(await driver.command('dana', 'deploys', '/deploy')).toMatchObject({ ok: true });
    }
  });

  it('With its only connection cut, an app is not connected', async () => {
    const { slack, driver } = await stage();
    await appOn(slack, counting({}, 'only'));
    expect(slack.workspace.connected).toBe(true);
    await driver.faults({ on: 'socket', do: 'cut' });
    await driver.until(async () => !(await driver.workspace()).connected);
    expect(await driver.command('dana', 'deploys', '/deploy')).toMatchObject({ code: 'dispatch_failed' });
  });

  it('An app has at most ten connections', async () => {
    const { slack, driver } = await stage();
    const client = clientOf(slack, slack.workspace.bot.app_token);
    const sockets: WebSocket[] = [];
    onTestFinished(() => {
      for (const socket of sockets) socket.terminate();
    });
    for (let i = 0; i < 10; i++) {
      const { url = '' } = await client.apps.connections.open({});
      sockets.push(await helloFrom(url, i + 1));
    }
    expect((await refusalOf(client.apps.connections.open({}))).error).toBe('too_many_websockets');
    expect(await driver.workspace()).toMatchObject({ connected: true });
  });

  it('The address of a connection is good once', async () => {
    const { slack } = await stage();
    const { url = '' } = await clientOf(slack, slack.workspace.bot.app_token).apps.connections.open({});
    const socket = await helloFrom(url, 1);
    onTestFinished(() => socket.terminate());
    await expect(helloFrom(url, 2)).rejects.toThrow('403');
  });

  async function helloFrom(url: string, connections: number): Promise<WebSocket> {
    const socket = new WebSocket(url);
    const hello = await new Promise<string>((resolve, reject) => {
      socket.once('message', (data) => resolve(String(data)));
      socket.once('error', reject);
    });
    expect(JSON.parse(hello)).toMatchObject({
      type: 'hello',
      num_connections: connections,
      connection_info: { app_id: 'A0LOCALAPP1' },
    });
    return socket;
  }
});

describe('requests', () => {
  /** A Bolt app on its own HTTP server, and a local Slack that delivers there. */
  async function served(set: (app: App) => void = () => undefined): Promise<Stage & { codes: number[] }> {
    const codes: number[] = [];
    const receiver = new HTTPReceiver({ signingSecret: 'local-signing-secret', logger: quiet });
    const app = new App({
      token: 'xoxb-local-bot-token',
      receiver,
      logger: quiet,
      deferInitialization: true,
    });
    set(app);
    const server = (await receiver.start(0)) as Server;
    server.on('request', (_request, response) =>
      response.on('finish', () => codes.push(response.statusCode)),
    );
    const { port } = server.address() as AddressInfo;
    onTestFinished(async () => {
      server.closeAllConnections();
      await receiver.stop();
    });
    const url = `http://127.0.0.1:${port}/slack/events`;
    const on = await stage({ deliver: { url }, manifest: manifest({ events: ['app_mention'] }) });
    Object.assign(app.client, { slackApiUrl: on.slack.api });
    await app.init();
    return { ...on, codes };
  }

  it('Commands, clicks and events come signed, and acks go back in the answer', async () => {
    const mention = settled<string>();
    const click = settled<unknown>();
    const on = await served((app) => {
      app.command('/deploy', async ({ ack, body }) => ack(`you said ${body.text}`));
      app.action('go', async ({ ack, body }) => {
        await ack();
        click.give(body);
      });
      app.event('app_mention', async ({ event }) => mention.give(event.text));
    });
    expect(await on.driver.command('dana', 'deploys', '/deploy status')).toMatchObject({
      ok: true,
      reply: { text: 'you said status' },
    });
    const blocks = [
      section('hi'),
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }],
      },
    ] as never;
    const { ts = '' } = await on.client.chat.postMessage({ channel: DEPLOYS, text: 'hi', blocks });
    await on.driver.action('dana', { channel: 'deploys', ts }, { action_id: 'go' });
    expect(await click.value).toMatchObject({ type: 'block_actions', message: { ts } });
    await on.driver.say('dana', 'deploys', '@tester hello');
    expect(await mention.value).toContain('hello');
    await on.driver.event((event) => isDelivery('app_mention')(event) && event.delivery.ack_ms !== undefined);
    expect(on.codes).toEqual([200, 200, 200]);
  });

  it('A request whose clock is off by more than five minutes is refused by the app', async () => {
    const on = await served((app) => app.command('/deploy', async ({ ack }) => ack()));
    await on.driver.faults({ on: 'http', do: 'skew', ms: -400_000, times: 1 });
    expect(await on.driver.command('dana', 'deploys', '/deploy')).toMatchObject({
      ok: false,
      code: 'http_service_error',
    });
    expect(on.codes).toEqual([401]);
    expect(await on.driver.command('dana', 'deploys', '/deploy')).toMatchObject({ ok: true });
  });

  it('An event that the app answers with an error comes again, with its number and reason', async () => {
    const retries = settled<object>();
    const on = await served((app) =>
      app.event('app_mention', async ({ context }) => {
        retries.give({ num: context.retryNum, reason: context.retryReason });
      }),
    );
    await on.driver.faults({ on: 'http', do: 'skew', ms: -400_000, times: 1 });
    await on.driver.say('dana', 'deploys', '@tester hello');
    expect(await retries.value).toEqual({ num: 1, reason: 'http_error' });
    expect(on.codes[0]).toBe(401);
  });

  it('An address that does not answer means that the app is not connected', async () => {
    const on = await stage({ deliver: { url: 'http://127.0.0.1:9/slack/events' } });
    expect(await on.driver.command('dana', 'deploys', '/deploy')).toMatchObject({ code: 'dispatch_failed' });
    expect(on.slack.workspace.connected).toBe(false);
  });

  it('A request without an answer in 3 s is given up', async () => {
    const on = await served((app) => app.command('/deploy', async () => undefined));
    const answer = on.driver.command('dana', 'deploys', '/deploy');
    await on.driver.event(isDelivery('/deploy'));
    on.timers.advance(3_000);
    expect(await answer).toMatchObject({ ok: false, code: 'operation_timeout' });
  });
});

describe('an app as Bolt builds it', () => {
  it('A hand-built socket receiver connects with its own client options', async () => {
    const { slack, driver } = await stage();
    const { bot } = slack.workspace;
    const receiver = new SocketModeReceiver({
      appToken: bot.app_token,
      logger: quiet,
      installerOptions: { clientOptions: { slackApiUrl: slack.api } },
    });
    const app = new App({
      token: bot.token,
      receiver,
      clientOptions: { slackApiUrl: slack.api },
      logger: quiet,
    });
    app.command('/deploy', async ({ ack }) => ack());
    await app.start();
    onTestFinished(async () => {
      await app.stop();
    });
    expect(await driver.command('dana', 'deploys', '/deploy')).toMatchObject({ ok: true });
  });
});
