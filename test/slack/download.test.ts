/** Loading an uploaded file: from Slack alone, with the token for Slack alone, and no more than was allowed. */

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createDownload } from '../../src/slack/download.ts';

interface Asked {
  path: string;
  authorization: string | undefined;
}

/** A server that answers as told, and what it was asked. */
async function serving(answer: RequestListener): Promise<{ origin: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const log = createLog({ level: 'error', destination: { write: () => {} } });
const loading = (origin?: string) =>
  createDownload({
    token: 'xoxb-1',
    log,
    ...(origin === undefined ? {} : { slackApiUrl: `${origin}/api/` }),
  });
const file = (url: string, size = 5) => ({ name: 'contract.md', size, url });

describe('an uploaded file', () => {
  it('HO-4: is loaded with the token, where Slack is', async () => {
    const slack = await serving((_, response) => response.end('hello'));
    const loaded = await loading(slack.origin)(file(`${slack.origin}/files/F1?download=1`), 10);
    expect(loaded).toEqual({ ok: true, bytes: Buffer.from('hello') });
    expect(slack.asked).toEqual([{ path: '/files/F1?download=1', authorization: 'Bearer xoxb-1' }]);
  });

  it('HO-4: is loaded from no other address, which is not even asked', async () => {
    const slack = await serving((_, response) => response.end('hello'));
    const other = await serving((_, response) => response.end('secret'));
    const { port } = new URL(slack.origin);
    for (const url of [
      `${other.origin}/files/F1`,
      `http://user:pass@127.0.0.1:${port}/files/F1`,
      `http://localhost:${port}/files/F1`,
      'http://files.slack.com/files/F1',
      'https://files.slack.com.evil.example/F1',
      'file:///etc/passwd',
      'not an address',
      '',
    ])
      expect(await loading(slack.origin)(file(url), 10), url).toEqual({
        ok: false,
        message: expect.stringMatching(/not kept by Slack itself/),
      });
    expect(await loading()(file(`${slack.origin}/files/F1`), 10)).toMatchObject({ ok: false });
    expect([...slack.asked, ...other.asked]).toEqual([]);
  });

  it('HO-4: is not followed elsewhere, and neither is the token', async () => {
    const other = await serving((_, response) => response.end('secret'));
    const slack = await serving((_, response) => response.writeHead(302, { location: other.origin }).end());
    expect(await loading(slack.origin)(file(`${slack.origin}/F1`), 10)).toEqual({
      ok: false,
      message: expect.stringMatching(/^Slack did not give the file \(302\)\. .*files:read/),
    });
    expect(other.asked).toEqual([]);
  });

  it('HO-4: is not the sign-in page that Slack shows to strangers', async () => {
    const slack = await serving((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('Sign in'),
    );
    expect(await loading(slack.origin)(file(`${slack.origin}/F1`), 10)).toMatchObject({ ok: false });
  });

  it('HO-4: is read up to its limit, whatever size was said', async () => {
    const slack = await serving((_, response) => response.end('x'.repeat(2_000)));
    const load = loading(slack.origin);
    const large = { ok: false, message: 'The file is too large: at most 1 KiB are read.' };
    expect(await load(file(`${slack.origin}/F1`, 5), 1_024)).toEqual(large);
    expect(slack.asked).toHaveLength(1);
    expect(await load(file(`${slack.origin}/F1`, 2_000), 1_024)).toEqual(large);
    expect(slack.asked).toHaveLength(1);
  });

  it('HO-4: that does not come is said, with another way', async () => {
    const slack = await serving((request) => request.socket.destroy());
    expect(await loading(slack.origin)(file(`${slack.origin}/F1`), 10)).toEqual({
      ok: false,
      message: 'Slack did not give the file in time. Try again, or paste the contract.',
    });
  });
});
