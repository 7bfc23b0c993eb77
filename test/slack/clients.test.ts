import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { type Clients, createClients } from '../../src/slack/clients.ts';
import { createFetch, createSend } from '../../src/slack/lean-fetch.ts';
import { rateLimitWait } from '../../src/slack/rate-limit.ts';
import { slackErrorCode } from '../../src/slack/slack-error.ts';

let server: Server;
let clients: Clients;
let url: string;
/** What was asked last, and how the next is answered. */
let asked: { path: string | undefined; headers: NodeJS.Dict<string | string[]>; body: string };
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    asked = { path: request.url, headers: request.headers, body };
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  clients = createClients({ token: 'xoxb-test', slackApiUrl: url, log: createLog({ level: 'silent' }) });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => {
  return (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
};

const view = { type: 'home' as const, blocks: [{ type: 'divider' as const }] };

describe('the Web API clients', () => {
  it('send objects as JSON in a form, and the token in the header', async () => {
    answer = json({ ok: true });
    await clients.interactive.views.publish({ user_id: 'U1', view });
    expect(asked.path).toBe('/api/views.publish');
    expect(asked.headers.authorization).toBe('Bearer xoxb-test');
    const form = new URLSearchParams(asked.body);
    expect(form.get('user_id')).toBe('U1');
    expect(JSON.parse(form.get('view') ?? '')).toEqual(view);
  });

  it('give what Slack answers, but not what it repeats of what was sent', async () => {
    answer = json({ ok: true, ts: '1.000001', channel: 'C1', message: { text: 'echo' } });
    const posted = await clients.outbound.chat.postMessage({ channel: 'C1', text: 'Hello' });
    expect(posted).toMatchObject({ ok: true, ts: '1.000001', channel: 'C1' });
    expect(posted.message).toBeUndefined();
  });

  it('send what every click sends as JSON, and what reads as a form', async () => {
    answer = json({ ok: true, ts: '1.000001' });
    const blocks = [{ type: 'divider' as const }];
    await clients.outbound.chat.update({ channel: 'C1', ts: '1.000001', text: 'Ünï & more', blocks });
    expect(asked.path).toBe('/api/chat.update');
    expect(asked.headers).toMatchObject({
      authorization: 'Bearer xoxb-test',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(JSON.parse(asked.body)).toEqual({ channel: 'C1', ts: '1.000001', text: 'Ünï & more', blocks });
    answer = json({ ok: true, user: { id: 'U1' } });
    expect((await clients.interactive.users.info({ user: 'U1' })).user).toEqual({ id: 'U1' });
    expect(asked.body).toBe('user=U1');
  });

  it.each([
    ['a rate limit', 429, { 'retry-after': '7' }, 'slack_webapi_rate_limited_error'],
    ['a rate limit without an end', 429, {}, 'slack_webapi_http_error'],
    ['a fault of Slack', 503, {}, 'slack_webapi_http_error'],
    ['a redirect', 302, { location: '/' }, 'slack_webapi_http_error'],
  ])('fail on %s as the library does, also where it is not asked', async (_, status, headers, code) => {
    answer = json({ ok: true }, status, headers);
    await expect(clients.outbound.chat.update({ channel: 'C', ts: '1', text: 't' })).rejects.toMatchObject({
      code,
    });
  });

  it('fail where the answer is no JSON or the connection is cut, also where the library is not asked', async () => {
    answer = (response) => void response.end('<html>');
    const post = () => clients.outbound.chat.postMessage({ channel: 'C1', text: 'Hello' });
    expect(slackErrorCode(await post().catch((e) => e))).toBe('<html>');
    answer = (response) => void response.destroy();
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
  });

  it('fail with the code that Slack gives', async () => {
    answer = json({ ok: false, error: 'channel_not_found', message: { text: 'echo' } });
    const error = await clients.outbound.chat.postMessage({ channel: 'C1', text: 'Hello' }).catch((e) => e);
    expect(slackErrorCode(error)).toBe('channel_not_found');
  });

  it('fail at once on a rate limit, and say how long it lasts', async () => {
    answer = json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '7' });
    const error = await clients.interactive.auth.test({}).catch((e) => e);
    expect(rateLimitWait(error)).toBe(7_000);
  });

  it('fail on a redirect, and do not follow it', async () => {
    answer = json({ ok: true }, 302, { location: `${url}elsewhere` });
    const error = await clients.interactive.auth.test({}).catch((e) => e);
    expect(error).toMatchObject({ statusCode: 302 });
    expect(asked.path).toBe('/api/auth.test');
  });

  it('fail on an answer that is not JSON', async () => {
    answer = (response) => void response.end('the "message":{ is not here');
    const error = await clients.interactive.auth.test({}).catch((e) => e);
    expect(slackErrorCode(error)).toBe('the "message":{ is not here');
  });

  it('fail where nobody answers in time', async () => {
    answer = () => {};
    await expect(
      createFetch(createSend(20))(`${url}auth.test`, { method: 'POST', body: '' }),
    ).rejects.toThrow('no answer within 20 ms');
  });
});
