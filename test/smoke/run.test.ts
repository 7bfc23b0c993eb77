/** Smoke tests over HTTP, against servers on this machine that behave as badly as servers can. */

import { afterEach, describe, expect, it } from 'vitest';
import { pinnedLookup } from '../../src/smoke/addresses.ts';
import { Failed, inWords } from '../../src/smoke/client.ts';
import { runSmokeTests } from '../../src/smoke/run.ts';
import { Cookies, NotTried } from '../../src/smoke/values.ts';
import type { SmokeRequest, SmokeTerms, SmokeTest } from '../../src/terms/smoke.ts';
import { MINUTE } from '../../src/time.ts';
import { type Answering, say, startTarget, type Target } from './target.ts';

const open: Target[] = [];
afterEach(async () => {
  for (const target of open.splice(0)) await target.close();
});

async function target(answer: Answering): Promise<Target> {
  const started = await startTarget(answer);
  open.push(started);
  return started;
}

const get = (path: string, change: Partial<SmokeRequest> = {}): SmokeRequest => ({
  method: 'GET',
  path,
  headers: {},
  expect: { status: [200], headers: {}, within: 2_000 },
  keep: {},
  ...change,
});

const test = (requests: SmokeRequest[], change: Partial<SmokeTest> = {}): SmokeTest => ({
  id: 'login',
  name: 'Login',
  category: 'authentication',
  critical: false,
  by: 'gonogo',
  afterRollback: true,
  home: false,
  requests,
  ...change,
});

function terms(at: Target, tests: SmokeTest[], change: Partial<SmokeTerms> = {}): SmokeTerms {
  return {
    tests,
    base: at.url,
    hosts: [{ host: 'localhost', port: at.port, private: false }],
    secrets: { password: 'env:SMOKE_PASSWORD' },
    holdOver: 10,
    within: 5 * MINUTE,
    flakyOver: 1,
    baseline: { home: 2_000, p50: 100, p99: 500 },
    ...change,
  };
}

const SECRET = 'hunter2&more=""';

const run = (of: SmokeTerms, more: { toArm?: boolean; signal?: AbortSignal } = {}) =>
  runSmokeTests(
    { terms: of, tests: of.tests, toArm: more.toArm ?? false, version: 'v2.1.0' },
    { secret: () => SECRET },
    more.signal,
  );

describe('SM-1: a smoke test over HTTP', () => {
  it('passes where status, body and header are as they should be, and says what it took', async () => {
    const shop = await target((_seen, response) =>
      say(response, 200, 'all is well', { 'x-version': 'v2.1.0' }),
    );
    const expected = {
      status: [200],
      contains: 'is well',
      headers: { 'X-Version': '{{version}}' },
      within: 2_000,
    };
    const [result] = await run(terms(shop, [test([get('/healthz', { expect: expected })])]));
    expect(result).toEqual({ test: 'login', outcome: 'passed', took: expect.any(Number) });
  });

  it.each<[string, Answering, Partial<SmokeRequest['expect']>, RegExp]>([
    ['another status', (_s, r) => say(r, 503), {}, /^it answers 503 instead of 200$/],
    [
      'another body',
      (_s, r) => say(r, 200, 'secret stack trace'),
      { contains: 'ok' },
      /^its answer does not contain/,
    ],
    ['another header', (_s, r) => say(r, 200), { headers: { 'x-a': '1' } }, /^its header x-a is not/],
    ['a connection that breaks', (_s, r) => void r.socket?.destroy(), {}, /^it cannot be reached: /],
    ['silence', () => {}, { within: 150 }, /^no answer within 0.15 s$/],
    [
      'half an answer',
      (_s, r) => void r.writeHead(200).write('a'),
      { within: 150 },
      /^no answer within 0.15 s$/,
    ],
    [
      'an answer without an end',
      (_s, r) => {
        const more = (): void =>
          void (r.write('x'.repeat(64 * 1024)) ? setImmediate(more) : r.once('drain', more));
        r.on('error', () => {});
        more();
      },
      {},
      /^it answers more than 1 MB$/,
    ],
    [
      'redirects without an end',
      (_s, r) => say(r, 302, '', { location: '/again' }),
      {},
      /^it redirects more than 5/,
    ],
  ])('SM-1, SM-2: fails on %s, and is cut off', async (_what, answer, expected, problem) => {
    const shop = await target(answer);
    const expect_ = { status: [200], headers: {}, within: 2_000, ...expected };
    const [result] = await run(terms(shop, [test([get('/', { expect: expect_ })])]));
    expect(result).toMatchObject({ outcome: 'failed', problem: expect.stringMatching(problem) });
  });

  it('SM-1: is cut off at 1 MB of an answer of 1 GB: the connection is closed, and no more of it is kept', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const held = () => process.memoryUsage().arrayBuffers;
    const before = held();
    let most = 0;
    let toldOfEnd: (sent: number) => void;
    const sent = new Promise<number>((resolve) => {
      toldOfEnd = resolve;
    });
    const shop = await target((_seen, response) => {
      const { socket } = response;
      socket?.once('close', () => toldOfEnd(socket.bytesWritten));
      response.writeHead(200, { 'content-length': String(1e9) });
      const more = (): void => {
        most = Math.max(most, held());
        if (socket?.destroyed === false && response.write(piece)) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    const [result] = await run(terms(shop, [test([get('/')])]));
    expect(result).toMatchObject({ outcome: 'failed', problem: 'it answers more than 1 MB' });
    // What lies in the buffers of both ends of the connection was sent as well.
    expect(await sent).toBeLessThan(20e6);
    expect(most - before).toBeLessThan(10e6);
  });

  it('SM-2: tries a critical test once more at once, and no other', async () => {
    let asked = 0;
    const shop = await target((_seen, response) => {
      asked += 1;
      say(response, asked === 1 ? 500 : 200);
    });
    const tests = [test([get('/a')], { critical: true })];
    expect(await run(terms(shop, tests))).toMatchObject([{ outcome: 'passed', repeated: true }]);
    asked = 0;
    expect(await run(terms(shop, [test([get('/b')])]))).toMatchObject([{ outcome: 'failed' }]);
    expect(asked).toBe(1);
  });

  it('logs in: cookies, a token of the page and one of the answer go on to the requests after it', async () => {
    const shop = await target((seen, response) => {
      if (seen.path === '/login' && seen.method === 'GET')
        return say(response, 200, '<input name="csrf" value="t0k&en">', {
          'set-cookie': 'sid=1; Path=/; HttpOnly',
        });
      if (seen.path === '/login') return say(response, 303, '{"data":{"id":42}}', { location: '/home' });
      return say(response, seen.headers.cookie === 'sid=1' ? 200 : 401, `{"data":{"id":42}}`);
    });
    const flow = test([
      get('/login', { keep: { csrf: { after: 'name="csrf" value="', before: '"' } } }),
      get('/login', {
        method: 'POST',
        body: { kind: 'form', fields: { user: 'smoke', password: '{{password}}', csrf: '{{csrf}}' } },
        keep: { id: { json: 'data.id' } },
      }),
      get('/orders/{{id}}', { headers: { 'X-Order': '{{id}}' } }),
    ]);
    expect(await run(terms(shop, [flow]))).toMatchObject([{ outcome: 'passed' }]);
    const [, typed, home, order] = shop.seen;
    expect(Object.fromEntries(new URLSearchParams(typed?.body))).toEqual({
      user: 'smoke',
      password: SECRET,
      csrf: 't0k&en',
    });
    expect(home).toMatchObject({ method: 'GET', path: '/home', body: '' });
    expect(order).toMatchObject({ path: '/orders/42', headers: { 'x-order': '42' } });
  });

  it('carries a secret into JSON whole, and into no result', async () => {
    const shop = await target((seen, response) => say(response, 500, seen.body));
    const body = { kind: 'json' as const, value: { password: '{{password}}' } };
    const results = await run(terms(shop, [test([get('/login', { method: 'POST', body })])]));
    expect(JSON.parse(shop.seen[0]?.body ?? '')).toEqual({ password: SECRET });
    expect(JSON.stringify(results)).not.toContain('hunter2');
  });

  it.each<[string, string, Partial<SmokeRequest>]>([
    ['half a character in a path', '\\ud800', { path: '/orders/{{id}}' }],
    ['a line break in a header', 'a\\r\\nx-admin: 1', { headers: { 'x-order': '{{id}}' } }],
  ])('SM-1: what an answer gave and nobody can send is not tried: %s', async (_what, id, next) => {
    const shop = await target((_seen, response) => say(response, 200, `{"id":"${id}"}`));
    const flow = test([get('/new', { keep: { id: { json: 'id' } } }), get('/orders', next)], {
      critical: true,
    });
    const results = await run(terms(shop, [flow, test([get('/')], { id: 'other' })]));
    expect(results).toMatchObject([
      { outcome: 'unknown', problem: expect.stringContaining('cannot stand in a') },
      { test: 'other', outcome: 'passed' },
    ]);
    expect(shop.seen.filter(({ path }) => path.startsWith('/orders'))).toEqual([]);
  });

  it.each([
    ['EAI_AGAIN', NotTried, 'nobody can look its name up'],
    ['ENOTFOUND', Failed, 'it cannot be reached: there is no host of that name'],
    ['ECONNREFUSED', Failed, 'it cannot be reached: the connection was refused'],
    ['password=hunter2', Failed, 'it cannot be reached: the connection broke'],
  ])('SM-2: %s is what it says of the version, and no more', (code, kind, words) => {
    const error = inWords(Object.assign(new Error('of hunter2'), { code }), new AbortController().signal);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toBe(words);
  });

  it('SM-1: cookies that came by TLS do not go without it, and go back as they came', () => {
    const cookies = new Cookies();
    const url = (text: string) => new URL(text);
    cookies.take(url('https://shop.example.com/login'), ['sid=1; Path=/', 'name=Zoë']);
    cookies.take(url('http://shop.example.com/'), ['seen=yes']);
    expect(cookies.for(url('http://shop.example.com/home'))).toBe('seen=yes');
    expect(Buffer.from(cookies.for(url('https://shop.example.com/')) ?? '', 'latin1').toString()).toBe(
      'sid=1; name=Zoë; seen=yes',
    );
    expect(cookies.for(url('https://shop.example.com:8443/'))).toBeUndefined();
  });

  it('cannot be tried without its secret, which is not the same as a failure', async () => {
    const shop = await target((_seen, response) => say(response, 200));
    const of = terms(shop, [test([get('/login', { headers: { authorization: 'Bearer {{password}}' } })])]);
    const results = await runSmokeTests(
      { terms: of, tests: of.tests, toArm: false, version: 'v2.1.0' },
      {
        secret() {
          throw new Error('env:SMOKE_PASSWORD is not set');
        },
      },
    );
    expect(results).toEqual([
      { test: 'login', outcome: 'unknown', problem: 'the secret password is not there' },
    ]);
    expect(shop.seen).toEqual([]);
  });

  it('reaches the new version by its header or its address while traffic is split', async () => {
    const shop = await target((_seen, response) => say(response, 200));
    const green = await target((_seen, response) => say(response, 200));
    const arm = { headers: { 'X-Canary': 'always' } };
    await run(terms(shop, [test([get('/a')])], { arm }), { toArm: true });
    await run(terms(shop, [test([get('/b')])], { arm }));
    expect(shop.seen.map(({ headers }) => headers['x-canary'])).toEqual(['always', undefined]);
    const hosts = [{ host: 'localhost', port: green.port, private: false }];
    await run(terms(shop, [test([get('/c')])], { arm: { base: green.url, headers: {} }, hosts }), {
      toArm: true,
    });
    expect(green.seen).toHaveLength(1);
  });

  it('ends with what it has when the time for all is over: the rest is unknown', async () => {
    const shop = await target((seen, response) => (seen.path === '/fast' ? say(response, 200) : undefined));
    const slow = test([get('/slow', { expect: { status: [200], headers: {}, within: MINUTE } })], {
      id: 'slow',
    });
    const results = await run(terms(shop, [test([get('/fast')], { id: 'fast' }), slow], { within: 200 }));
    expect(results.map(({ outcome }) => outcome)).toEqual(['passed', 'unknown']);
  });
});

describe('SM-1: smoke tests go nowhere but to the hosts that the policy names', () => {
  it('not to another port, and not along a redirect to another host, to which nothing is sent', async () => {
    const other = await target((_seen, response) => say(response, 200));
    const shop = await target((_seen, response) =>
      say(response, 307, '', { location: `${other.url}/steal` }),
    );
    const [result] = await run(
      terms(shop, [test([get('/', { method: 'POST', body: { kind: 'text', text: 'x' } })])]),
    );
    expect(result).toMatchObject({
      outcome: 'unknown',
      problem: expect.stringContaining('smoke.hosts does not name'),
    });
    expect(other.seen).toEqual([]);
    const lost = await run(terms(shop, [test([get('/')])], { base: other.url }));
    expect(lost).toMatchObject([{ outcome: 'unknown' }]);
  });

  it('keeps headers and cookies of one host from another that is named as well', async () => {
    const other = await target((_seen, response) => say(response, 200));
    const shop = await target((_seen, response) =>
      say(response, 302, '', {
        location: `${other.url.replace('localhost', '127.0.0.1')}/`,
        'set-cookie': 'sid=1',
      }),
    );
    const hosts = [
      { host: 'localhost', port: shop.port, private: false },
      { host: '127.0.0.1', port: other.port, private: false },
    ];
    await run(terms(shop, [test([get('/', { headers: { authorization: '{{password}}' } })])], { hosts }));
    expect(other.seen[0]?.headers).not.toHaveProperty('authorization');
    expect(other.seen[0]?.headers).not.toHaveProperty('cookie');
  });

  it.each([
    ['127.0.0.1', false, 'this machine'],
    ['169.254.169.254', true, 'its cloud'],
    ['::ffff:169.254.169.254', true, 'its cloud'],
    ['::1', true, 'this machine'],
    ['fd00:ec2::254', true, 'its cloud'],
    ['10.1.2.3', false, 'a private address'],
    ['fd12::1', false, 'a private address'],
    ['64:ff9b::a9fe:a9fe', false, 'its cloud'],
    ['64:ff9b::a9fe:a9fe', true, 'its cloud'],
    ['64:ff9b::7f00:1', true, 'this machine'],
    ['64:ff9b::a01:203', false, 'a private address'],
    ['64:ff9b::a01:203', true, undefined],
    ['::127.0.0.1', true, 'this machine'],
    ['2002:7f00:1::', false, 'a private address'],
    ['2001:0:1::', false, 'a private address'],
    ['198.18.0.1', false, 'a private address'],
    ['2606:4700::1111', false, undefined],
    ['10.1.2.3', true, undefined],
    ['93.184.215.14', false, undefined],
  ])('a name that leads to %s (private: %s) is %s', (address, isPrivate, why) => {
    const resolve = ((_name: string, _options: object, done: (e: null, a: object[]) => void) =>
      done(null, [{ address, family: address.includes(':') ? 6 : 4 }])) as never;
    const lookup = pinnedLookup({ host: 'shop.example.com', private: isPrivate }, resolve);
    lookup('shop.example.com', {}, (error, found) => {
      expect(error?.message).toEqual(why === undefined ? undefined : expect.stringContaining(why));
      if (why === undefined) expect(found).toBe(address);
    });
    expect.hasAssertions();
  });
});
