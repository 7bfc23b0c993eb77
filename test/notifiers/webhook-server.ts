/** A team's own pager: it takes what is signed and as the contract says, and each key's word once. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SIGNED_HEADERS, signatureOf } from '../../src/adapters/signed-call.ts';
import { notifyBody } from '../../src/notifiers/webhook/contract.ts';
import type { Mood } from './pagerduty-server.ts';

export const SECRET = 'a secret that is long enough to be one';

export interface WebhookPager {
  url: string;
  taken: string[];
  refused: string[];
  moods: Mood[];
  close(): Promise<void>;
}

export async function startWebhookPager(): Promise<WebhookPager> {
  const taken: string[] = [];
  const refused: string[] = [];
  const moods: Mood[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const mood = moods.shift();
    if (mood === 'hangs') return;
    if (typeof mood === 'object') {
      refused.push(String(mood.status));
      response.writeHead(
        mood.status,
        mood.retryAfter === undefined ? {} : { 'retry-after': mood.retryAfter },
      );
      response.end(mood.body ?? '');
      return;
    }
    const timestamp = String(request.headers[SIGNED_HEADERS.timestamp]);
    const path = request.url ?? '';
    const expected = `v1=${signatureOf(SECRET, { timestamp, path, body })}`;
    if (request.headers[SIGNED_HEADERS.signature] !== expected || path !== '/gonogo/notify') {
      refused.push('signature');
      response.writeHead(401).end();
      return;
    }
    const read = notifyBody.safeParse(JSON.parse(body));
    if (!read.success || request.headers['idempotency-key'] !== read.data.key) {
      refused.push(read.error?.message ?? 'another key');
      response.writeHead(422).end();
      return;
    }
    taken.push(read.data.tells);
    if (mood === 'takes it and is cut off') request.socket.destroy();
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/gonogo`,
    taken,
    refused,
    moods,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
