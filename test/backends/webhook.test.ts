import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { waitIn } from '../../src/adapters/retry-after.ts';
import { BACKENDS } from '../../src/backends/index.ts';
import type { DeployBackend } from '../../src/backends/port.ts';
import { applyBody, rollbackBody } from '../../src/backends/webhook/contract.ts';
import { METRICS } from '../../src/metrics/index.ts';
import { metricsBody } from '../../src/metrics/webhook/contract.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { adapterContext } from '../adapter-context.ts';
import { changeTo, commanded } from '../changes.ts';
import { countsIn, metricsOf, testMetricsSource } from '../metrics/conformance.ts';
import { testBackend } from './conformance.ts';
import { testFaults } from './faults.ts';
import { madeAhead } from './made-ahead.ts';
import { webhookFaults } from './webhook-faults.ts';
import { createWebhookRig, digestOf, SECRET, VARIABLES, type WebhookRig } from './webhook-rig.ts';

const CHANGE = commanded(changeTo({ version: 'v2.1.0', sha: '1'.repeat(40), digest: digestOf('v2.1.0') }));

const open = (settings: object, over: typeof fetch = fetch): DeployBackend =>
  BACKENDS.open({ kind: 'webhook', settings }, adapterContext({ variables: VARIABLES, fetch: over }));

const subjectOf = (rig: WebhookRig, open: () => DeployBackend) => ({
  backend: open(),
  change: CHANGE,
  next: 'v2.1.1',
  settle: async () => {},
  carriedOut: () => rig.state().keys.length,
  told: (version: string) => rig.state().digests[version],
  async breakDown() {
    await rig.stop();
    return () => rig.start();
  },
  async hang() {
    rig.process().child.kill('SIGSTOP');
    return async () => {
      rig.process().child.kill('SIGCONT');
    };
  },
  getStuck: () => rig.breakVersion('v2.1.0', 'no space left on device'),
  async reopen() {
    await rig.stop();
    await rig.start();
    return open();
  },
  close: () => rig.close(),
});

const nextRig = madeAhead(createWebhookRig);

testBackend('webhook', async () => {
  const rig = await nextRig();
  return subjectOf(rig, () => open(rig.settings));
});

testFaults('webhook', { cutsWatch: 'it is asked, and not watched' }, async () => {
  const rig = await nextRig();
  const { faults, fetchBetween } = webhookFaults(rig, CHANGE);
  const opened = (): DeployBackend => open(rig.settings, fetchBetween);
  return { ...subjectOf(rig, opened), faults };
});

testMetricsSource('webhook', async () => {
  const rig = await nextRig();
  const from = Date.UTC(2026, 0, 5, 13);
  const metrics = () =>
    METRICS.open({ kind: 'webhook', settings: rig.settings }, adapterContext({ variables: VARIABLES }));
  return {
    source: metrics(),
    change: CHANGE,
    async windowAt(percent) {
      const lines = Array.from({ length: 200 }, (_, index) => ({
        at: from + index * 100,
        version: index % 100 < percent ? 'v2.1.0' : 'v2.0.4',
        status: index % 25 === 3 ? 503 : 200,
        ms: 10 + (index % 7),
      }));
      rig.log(lines);
      return { from, to: from + MINUTE };
    },
    silent: async () => ({ change: CHANGE, window: { from, to: from + MINUTE } }),
    breakDown: () => rig.stop(),
    async hang() {
      rig.process().child.kill('SIGSTOP');
    },
    close: () => rig.close(),
  };
});

describe('the example server', () => {
  let rig: WebhookRig;
  afterEach(() => rig.close());

  async function post(path: string, body: string, { secret = SECRET, at = Date.now() } = {}) {
    const timestamp = String(Math.floor(at / SECOND));
    const signature = createHmac('sha256', secret)
      .update(`v1:${timestamp}:POST:${path}:${body}`)
      .digest('hex');
    const headers = { 'x-gonogo-timestamp': timestamp, 'x-gonogo-signature': `v1=${signature}` };
    return (await fetch(`${rig.settings.url}${path}`, { method: 'POST', headers, body })).status;
  }

  it('K-9: takes what is signed by the secret in these five minutes, and nothing else', async () => {
    rig = await nextRig();
    const body = JSON.stringify({ service: 'checkout', environment: 'production' });
    expect(await post('/observe', body)).toBe(200);
    expect(await post('/observe', body, { secret: `${SECRET}!` })).toBe(401);
    expect(await post('/observe', body, { at: Date.now() - 6 * MINUTE })).toBe(401);
    expect(await post('/observe', body, { at: Number.NaN })).toBe(401);
    expect(await post('/nothing', body)).toBe(404);
    expect(await post('/observe', 'x'.repeat(65_537))).toBe(413);
  });

  it('EC-1: refuses another digest than the one that it would run', async () => {
    rig = await nextRig();
    const other = { ...CHANGE, digest: digestOf('v9.9.9') };
    await expect(
      open(rig.settings).apply(other, { kind: 'set-weight', percent: 5 }, 'a'),
    ).rejects.toMatchObject({
      final: true,
    });
  });

  it('counts what its log says of the time that was asked', async () => {
    rig = await nextRig();
    const source = METRICS.open(
      { kind: 'webhook', settings: rig.settings },
      adapterContext({ variables: VARIABLES }),
    );
    const line = (at: number, version: string, status: number) => ({ at, version, status, ms: 5 });
    rig.log([
      line(0, 'v2.1.0', 500),
      line(1_000, 'v2.1.0', 500),
      line(1_500, 'v2.0.4', 200),
      line(2_000, 'v2.1.0', 500),
    ]);
    const { baseline, canary } = countsIn(metricsOf(await source.read(CHANGE, 1_000, 2_000)));
    expect([baseline, canary]).toEqual([
      { n: 1, x: 0 },
      { n: 1, x: 1 },
    ]);
  });
});

describe('what a webhook answers', () => {
  const sent: { url: string; headers: Headers; body: string }[] = [];
  afterEach(() => {
    sent.length = 0;
  });

  function answering(answer: () => Response): DeployBackend {
    return BACKENDS.open(
      {
        kind: 'webhook',
        settings: { url: 'https://deploy.example.com/gonogo/', secret: 'env:DEPLOY_SECRET' },
      },
      adapterContext({
        variables: VARIABLES,
        fetch: async (url, init) => {
          sent.push({ url: String(url), headers: new Headers(init?.headers), body: String(init?.body) });
          return answer();
        },
      }),
    );
  }

  const problem =
    (status: number, detail: string, headers = {}) =>
    () =>
      new Response(JSON.stringify({ title: 'No', detail }), { status, headers });

  it.each([
    [
      401,
      'the timestamp is old',
      true,
      'does not take the signature (401): the timestamp is old; compare the secret',
    ],
    [403, 'not yours', true, 'does not take the signature (403): not yours'],
    [404, 'no such service', true, 'refused it (404): no such service'],
    [409, 'another deployment runs', false, 'cannot do it now (409): another deployment runs'],
    [422, 'no such version', true, 'refused it (422): no such version'],
    [307, '', true, 'redirects (307): name the address it redirects to'],
    [429, 'slowly', false, 'cannot do it now (429): slowly, and asks to wait 30 s'],
    [500, 'down', false, 'cannot do it now (500): down'],
    [503, 'down', false, 'cannot do it now (503): down'],
  ])(
    'K-9: %i means something definite, with the words of the server',
    async (status, detail, final, words) => {
      const backend = answering(problem(status, detail, { 'retry-after': '30' }));
      const told = backend.apply(CHANGE, { kind: 'set-weight', percent: 5 }, 'a');
      await expect(told).rejects.toMatchObject({ final, message: expect.stringContaining(words) });
      // What may work later is left alone for as long as the server asks.
      expect(waitIn(await told.catch((error: unknown) => error))).toBe(final ? undefined : 30 * SECOND);
    },
  );

  it('RB-1: a rollback whose signature is not taken goes on being tried: the secret may be changing', async () => {
    const backend = answering(problem(401, 'wrong signature'));
    await expect(backend.rollback(CHANGE, 'v2.0.4', 'back')).rejects.toMatchObject({ final: false });
    const unknown = answering(problem(422, 'no such version'));
    await expect(unknown.rollback(CHANGE, 'v2.0.4', 'back')).rejects.toMatchObject({ final: true });
  });

  it.each([
    ['no JSON', '<html>', 'its body'],
    ['a weight that cannot be', '{"stable":null,"canary":null,"weight":130,"health":"passing"}', 'weight'],
    ['a health that nobody knows', '{"stable":null,"canary":null,"weight":0,"health":"fine"}', 'health'],
  ])('AN-5: %s is not an observation', async (_what, text, where) => {
    const observed = answering(() => new Response(text)).observe(CHANGE);
    await expect(observed).rejects.toMatchObject({ final: false, message: expect.stringContaining(where) });
  });

  it('K-9: is asked in the words of the contract, signed over what is on the wire', async () => {
    const backend = answering(() => new Response('{}'));
    await backend.apply(CHANGE, { kind: 'set-weight', percent: 5 }, 'one');
    await backend.rollback(CHANGE, null, 'two');
    const [apply, back] = sent;
    expect(sent).toHaveLength(2);
    expect(applyBody.parse(JSON.parse(apply?.body ?? ''))).toMatchObject({
      key: 'one',
      deployment: 'D-1',
      sequence: 1,
      change: { version: 'v2.1.0', digest: CHANGE.digest },
    });
    expect(rollbackBody.parse(JSON.parse(back?.body ?? ''))).toMatchObject({ key: 'two', to: null });
    expect(apply?.url).toBe('https://deploy.example.com/gonogo/apply');
    expect(apply?.headers.get('idempotency-key')).toBe('one');
    const timestamp = apply?.headers.get('x-gonogo-timestamp');
    const signed = createHmac('sha256', SECRET).update(`v1:${timestamp}:POST:/gonogo/apply:${apply?.body}`);
    expect(apply?.headers.get('x-gonogo-signature')).toBe(`v1=${signed.digest('hex')}`);
  });

  it('asks for a window of metrics in the words of the contract', async () => {
    const source = METRICS.open(
      { kind: 'webhook', settings: { url: 'https://deploy.example.com', secret: 'env:DEPLOY_SECRET' } },
      adapterContext({
        variables: VARIABLES,
        fetch: async (_url, init) => {
          metricsBody.parse(JSON.parse(String(init?.body)));
          return new Response('{"no_data":"nobody came"}');
        },
      }),
    );
    expect(await source.read(CHANGE, 0, MINUTE)).toEqual({ from: 0, to: MINUTE, noData: 'nobody came' });
  });
});

describe('the settings of a webhook', () => {
  const opening = (settings: object, variables: Record<string, string>) => () =>
    BACKENDS.open({ kind: 'webhook', settings }, adapterContext({ variables }));

  it.each([
    ['a secret that is missing', {}, {}, 'env:DEPLOY_SECRET is not set'],
    ['a secret that can be guessed', {}, { DEPLOY_SECRET: 'short' }, 'shorter than 32 characters'],
    ['no TLS', { url: 'http://deploy.example.com' }, VARIABLES, 'without TLS'],
    ['credentials in the address', { url: 'https://me:word@deploy.example.com' }, VARIABLES, 'credentials'],
  ])('are refused at the start for %s', (_what, more, variables, words) => {
    const settings = { url: 'https://deploy.example.com', secret: 'env:DEPLOY_SECRET', ...more };
    expect(opening(settings, variables)).toThrow(words);
  });

  it('say which steps the server takes', () => {
    const settings = { url: 'http://localhost:1', secret: 'env:DEPLOY_SECRET', steps: ['replace'] };
    expect([...opening(settings, VARIABLES)().steps]).toEqual(['replace']);
  });
});
