/** Who may call: signatures, timestamps, replays, limits, and what is refused before anything is read. */

import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseBusy } from '../../src/conductor/ports/faults.ts';
import { signatureOf } from '../../src/http/api/authentication.ts';
import { createLog } from '../../src/log.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { freshFile } from '../db/places.ts';
import {
  type Answer,
  type ApiStage,
  ARTIFACT,
  answerOf,
  BUILD,
  DIGEST,
  SECRET,
  SHA,
  startApi,
} from './api-stage.ts';

let stage: ApiStage;
beforeEach(async () => {
  stage = await startApi();
  await stage.release(ARTIFACT);
});
afterEach(() => stage.close());

const kindOf = ({ status, body }: Answer) => [status, body.type?.replace('urn:gonogo:problem:', '')];
const NOT_AUTHENTIC = [401, 'not_authentic'];

describe('GT-1: a signature', () => {
  it('of a wrong secret and of an unknown key get the same answer', async () => {
    const wrong = await stage.gate(BUILD, { secret: 'x'.repeat(40) });
    const unknown = await stage.gate(BUILD, { key: 'nobody' });
    expect(kindOf(wrong)).toEqual(NOT_AUTHENTIC);
    expect(unknown.body).toEqual(wrong.body);
    expect(wrong.headers.get('www-authenticate')).toBe('GoNoGo-HMAC-SHA256');
    expect((await stage.known('v2.1.0')).body.gates).toHaveLength(1);
  });

  it("of one key does not fit another key's name", async () => {
    expect(kindOf(await stage.gate(BUILD, { key: 'jenkins' }))).toEqual(NOT_AUTHENTIC);
  });

  it.each([
    ['body', { body: JSON.stringify({ ...BUILD, status: 'failed' }) }],
    ['spacing of the body', { body: JSON.stringify(BUILD, null, 1) }],
    ['path', { path: '/api/v1/releases' }],
    ['query', { path: '/api/v1/gates?x=1' }],
    ['timestamp', { timestamp: String(Date.UTC(2026, 0, 5, 10) / 1000 + 60) }],
  ])('does not fit another %s', async (_what, instead) => {
    expect(kindOf(await stage.gate(BUILD, { instead }))).toEqual(NOT_AUTHENTIC);
  });

  it('covers the query and escapes as they stand on the wire', async () => {
    expect((await stage.gate(BUILD, { path: '/api/v1/gates?run=7%20a' })).status).toBe(201);
  });

  it.each([
    ['x-gonogo-key', '', 'must hold the name of a key'],
    ['x-gonogo-timestamp', '2026-01-05T10:00:00Z', 'must hold Unix seconds'],
    ['x-gonogo-signature', 'abc', 'must hold v1= and 64 lower-case hexadecimal digits'],
    ['x-gonogo-signature', `v1=${'A'.repeat(64)}`, 'must hold v1= and 64 lower-case hexadecimal digits'],
  ])('is refused where %s is %j', async (name, value, says) => {
    const answer = await stage.gate(BUILD, { headers: { [name]: value } });
    expect(kindOf(answer)).toEqual(NOT_AUTHENTIC);
    expect(answer.body.detail).toBe(`The header ${name} ${says}.`);
  });

  it('is refused where its headers are missing', async () => {
    const answer = await answerOf(await fetch(`${stage.url}/api/v1/releases/checkout/v2.1.0`));
    expect(kindOf(answer)).toEqual(NOT_AUTHENTIC);
    expect(answer.body.detail).toBe('The header x-gonogo-key is missing.');
  });

  it('is broken by any change of any byte', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
    const signed = fc.record({
      timestamp: fc.nat(9_999_999_999).map(String),
      method: fc.constantFrom('GET', 'POST'),
      path: fc.webPath().map((path) => `/api/v1${path}`),
      body: bytes,
    });
    fc.assert(
      fc.property(signed, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, where, by) => {
        const right = signatureOf(SECRET, given);
        expect(right).toBe(
          createHmac('sha256', SECRET)
            .update(
              Buffer.concat([
                Buffer.from(`v1:${given.timestamp}:${given.method}:${given.path}:`),
                given.body,
              ]),
            )
            .digest('hex'),
        );
        const body = Uint8Array.from(given.body);
        body[where % body.length] = ((body[where % body.length] ?? 0) + by) % 256;
        const path = `${given.path.slice(0, where % given.path.length)}~${given.path.slice(where % given.path.length)}`;
        const timestamp = String(Number(given.timestamp) + by);
        const method = given.method === 'GET' ? 'POST' : 'GET';
        for (const change of [{ body }, { path }, { timestamp }, { method }]) {
          expect(signatureOf(SECRET, { ...given, ...change })).not.toBe(right);
        }
        expect(signatureOf(`${SECRET}x`, given)).not.toBe(right);
      }),
    );
  });
});

describe('GT-1: a timestamp', () => {
  const at = (apart: number) => String((stage.wallClock.now() + apart) / SECOND);

  it.each([-5 * MINUTE, 5 * MINUTE])('%d ms from the time here is taken', async (apart) => {
    expect((await stage.send(BUILD, { timestamp: at(apart) })).status).toBe(201);
  });

  it.each([-5 * MINUTE - SECOND, 5 * MINUTE + SECOND])('%d ms from it is too far', async (apart) => {
    const answer = await stage.send(BUILD, { timestamp: at(apart) });
    expect(kindOf(answer)).toEqual([401, 'stale_timestamp']);
    expect(answer.body.detail).toContain(`the time here, ${at(0)}.`);
  });

  it('is held against real time, however fast the clock of the record runs', async () => {
    stage.clock.advance(60 * MINUTE);
    expect((await stage.gate(BUILD)).status).toBe(201);
  });
});

describe('GT-1: the same request', () => {
  it('once more is refused, and signed anew it is the same', async () => {
    expect((await stage.send(BUILD)).status).toBe(201);
    expect(kindOf(await stage.send(BUILD))).toEqual([409, 'replayed']);
    expect(await stage.gate(BUILD)).toMatchObject({ status: 200, body: { result: 'same' } });
  });

  it('is refused after a restart as well', async () => {
    const file = freshFile();
    const before = await startApi({ file, knownRelease: async () => [{ sha: SHA, digest: DIGEST }] });
    expect((await before.send(BUILD)).status).toBe(201);
    await before.close();
    const after = await startApi({ file, knownRelease: async () => [{ sha: SHA, digest: DIGEST }] });
    expect(kindOf(await after.send(BUILD))).toEqual([409, 'replayed']);
    await after.close();
  });

  it('sent twenty times at once is taken once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => stage.send(BUILD)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
  });
});

describe('OP-7: limits', () => {
  it('600 requests in a minute are a key’s own; the next one waits for the minute, and other keys do not', async () => {
    for (let asked = 1; asked < 600; asked += 1) {
      // The very same request within a second would be a replay.
      const path = `/api/v1/releases/checkout/v2.1.0?n=${asked}`;
      const { status } = await stage.send(undefined, { method: 'GET', path });
      if (status !== 200) throw new Error(`${asked}: ${status}`);
    }
    const more = await stage.send(BUILD);
    expect(kindOf(more)).toEqual([429, 'too_many_requests']);
    expect(Number(more.headers.get('retry-after'))).toBe(60);
    const jenkins = { key: 'jenkins', secret: 'jenkins-secret-of-more-than-32-characters' };
    expect((await stage.send(BUILD, jenkins)).status).toBe(201);
    stage.wallClock.advance(MINUTE);
    expect((await stage.send(BUILD)).status).toBe(201);
  });

  it('60 failures in a minute are an address’s own, and its right requests are still taken', async () => {
    const wrong = () => stage.send(BUILD, { secret: 'x'.repeat(40) });
    const answers = await Promise.all(Array.from({ length: 60 }, wrong));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(kindOf(await wrong())).toEqual([429, 'too_many_requests']);
    expect((await stage.gate(BUILD)).status).toBe(201);
    stage.wallClock.advance(MINUTE);
    expect(kindOf(await wrong())).toEqual(NOT_AUTHENTIC);
  });
});

describe('Before anything is read', () => {
  it('a body over 64 KiB is refused, and at 64 KiB it is looked at', async () => {
    const of = (length: number) => JSON.stringify({ x: 'x'.repeat(length - 8) });
    expect(of(64 * 1024)).toHaveLength(64 * 1024);
    expect(kindOf(await stage.send(of(64 * 1024)))).toEqual([422, 'invalid']);
    expect(kindOf(await stage.send(of(64 * 1024 + 1)))).toEqual([413, 'too_large']);
  });

  it.each([
    ['that says how long it is', `content-length: ${10 * 1024 * 1024}`],
    ['that does not say it', 'transfer-encoding: chunked'],
  ])('10 MB %s are refused without being read', async (_how, length) => {
    const { port } = new URL(stage.url);
    const socket = connect(Number(port), '127.0.0.1');
    const head = `POST /api/v1/gates HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${length}\r\n\r\n`;
    const piece = 'x'.repeat(1024);
    let sent = 0;
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
        if (text.includes('\r\n\r\n')) resolve(text);
      });
      socket.on('error', (error) => (text === '' ? reject(error) : resolve(text)));
      socket.write(head);
      const more = (): void => {
        if (text !== '' || sent >= 10 * 1024 * 1024 || socket.destroyed) return;
        sent += piece.length;
        socket.write(length.startsWith('t') ? `400\r\n${piece}\r\n` : piece, () => setImmediate(more));
      };
      more();
    });
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('urn:gonogo:problem:too_large');
    expect(sent).toBeLessThan(1024 * 1024);
  });

  it('a body that is not JSON is refused after its signature was found right', async () => {
    expect(kindOf(await stage.send('{"service": '))).toEqual([400, 'not_json']);
    expect(kindOf(await stage.gate({}, { instead: { body: '{"service": ' } }))).toEqual(NOT_AUTHENTIC);
    expect(kindOf(await stage.send('[]'))).toEqual([422, 'invalid']);
    expect(kindOf(await stage.send(undefined))).toEqual([422, 'invalid']);
  });

  it('another media type is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      expect(kindOf(await stage.gate(BUILD, { headers: { 'content-type': type } }))).toEqual([
        415,
        'wrong_media_type',
      ]);
    }
    const charset = { 'content-type': 'application/json; charset=utf-8' };
    expect((await stage.gate(BUILD, { headers: charset })).status).toBe(201);
  });

  it('another method is refused with those there are', async () => {
    for (const [path, method, allow] of [
      ['/api/v1/gates', 'GET', 'POST'],
      ['/api/v1/releases', 'DELETE', 'POST'],
      ['/api/v1/releases/checkout/v2.1.0', 'PUT', 'GET, HEAD'],
      ['/api/v1/openapi.json', 'POST', 'GET, HEAD'],
    ] as const) {
      const answer = await answerOf(await fetch(`${stage.url}${path}`, { method }));
      expect(kindOf(answer)).toEqual([405, 'method_not_allowed']);
      expect(answer.headers.get('allow')).toBe(allow);
    }
  });

  it('another path is not there', async () => {
    const answer = await answerOf(await fetch(`${stage.url}/api/v1/gate`));
    expect(kindOf(answer)).toEqual([404, 'not_found']);
    expect(answer.body.detail).toContain('/api/v1/openapi.json');
  });
});

describe('What goes wrong here', () => {
  it('is 500 with a reference that the log has too, and nothing else', async () => {
    await stage.close();
    stage = await startApi({ knownRelease: () => Promise.reject(new Error('secret place /var/db')) });
    const { status, body } = await stage.gate(BUILD);
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/secret place|stack/);
    expect(stage.logged.join('')).toContain(body.reference);
    expect(stage.logged.join('')).toContain('secret place');
  });

  it('is 503 with when to try again where the record is busy', async () => {
    await stage.close();
    stage = await startApi({ knownRelease: () => Promise.reject(new DatabaseBusy('locked')) });
    const answer = await stage.gate(BUILD);
    expect(kindOf(answer)).toEqual([503, 'busy']);
    expect(answer.headers.get('retry-after')).toBe('5');
  });

  it('without keys is 503 with the variable to set, whatever is asked', async () => {
    await stage.close();
    stage = await startApi({ keys: new Map() });
    for (const answer of [
      await stage.gate(BUILD),
      await stage.release(ARTIFACT),
      await stage.known('v2.1.0'),
    ]) {
      expect(kindOf(answer)).toEqual([503, 'api_off']);
      expect(answer.body.detail).toContain('GONOGO_API_KEYS');
    }
    expect((await fetch(`${stage.url}/api/v1/openapi.json`)).status).toBe(200);
  });

  it('never logs a secret or a signature', async () => {
    await stage.gate(BUILD, { secret: 'x'.repeat(40) });
    await stage.gate(BUILD);
    const log = createLog({ level: 'info', destination: { write: (line) => void stage.logged.push(line) } });
    log.info({ headers: { 'x-gonogo-signature': `v1=${'a'.repeat(64)}` } }, 'a header');
    log.info({ environment: { GONOGO_API_KEYS: `github=${SECRET}` } }, 'the environment');
    expect(stage.logged.join('')).toContain('a header');
    expect(stage.logged.join('')).not.toMatch(/secret-of|v1=[0-9a-f]/);
  });
});

it('OP-7: answers carry the headers of a JSON API', async () => {
  const { headers } = await stage.known('v2.1.0');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(headers.get('content-type')).toContain('application/json');
});
