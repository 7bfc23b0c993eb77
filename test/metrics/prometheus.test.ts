import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitIn } from '../../src/adapters/retry-after.ts';
import { METRICS } from '../../src/metrics/index.ts';
import type { MetricsSource } from '../../src/metrics/port.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { adapterContext } from '../adapter-context.ts';
import { CHANGE } from '../changes.ts';
import { missingPrograms } from '../real/installed.ts';
import { countsIn, metricsOf, testMetricsSource } from './conformance.ts';
import { type Past, type PrometheusServer, startPrometheus, steady } from './prometheus-server.ts';

const START = Date.UTC(2026, 0, 5, 13);
const EVERY = 15 * SECOND;

const missing = missingPrograms('prometheus', 'promtool');
const reason = `${missing.join(' and ')} not installed (Debian: apt-get install prometheus)`;

const opened: MetricsSource[] = [];
function open(settings: Record<string, unknown>, variables: Record<string, string> = {}): MetricsSource {
  const source = METRICS.open(
    { kind: 'prometheus', settings },
    adapterContext({ variables, clock: { now: () => START + 1.5 * HOUR } }),
  );
  opened.push(source);
  return source;
}

afterEach(async () => {
  for (const source of opened.splice(0)) await source.close?.();
});

/** At hour 0 only the old version runs, at hour 1 both, at hour 2 only the new one. */
function versions(): Past[] {
  return [
    ...running('v2.0.4', '10.0.0.1:80', START, START + 2 * HOUR - MINUTE),
    ...running('v2.1.0', '10.0.0.2:80', START + HOUR, START + 3 * HOUR),
  ];
}

function running(version: string, instance: string, from: number, to: number): Past[] {
  const of = { job: 'checkout', instance, version };
  const counter = (metric: string, labels: Record<string, string>, by: number) =>
    steady(metric, { ...of, ...labels }, { from, to, every: EVERY, by });
  return [
    counter('http_requests_total', { code: '200' }, 98),
    counter('http_requests_total', { code: '500' }, 2),
    ...[
      ['0.1', 60],
      ['0.3', 90],
      ['1', 99],
      ['+Inf', 100],
    ].map(([le, by]) => counter('http_request_duration_seconds_bucket', { le: String(le) }, Number(by))),
  ];
}

/** Counters with a story each; all of them are read over the minute from START to START + 1 min. */
const counter = (job: string, instance: string, code: string, values: (number | null)[], first = -60) => {
  const of = { job, instance, version: 'v2.1.0', code };
  const samples = values.flatMap((value, index) =>
    value === null ? [] : [{ at: START + (first + index * 15) * SECOND, value }],
  );
  return { metric: 'http_requests_total', labels: of, samples };
};

const STORIES: Past[] = [
  counter('reset', 'a:1', '200', [100, 110, 120, 130, 140, 150, 5, 15, 25]),
  // The first error ever has no series before it.
  counter('first-error', 'a:1', '200', [100, 110, 120, 130, 140, 150, 160, 170, 180]),
  counter('first-error', 'a:1', '500', [3], 30),
  // Back after a long gap: what it counted meanwhile, and ever before, is not of this minute.
  counter('gap', 'a:1', '200', [1_000_000, 1_000_010, 1_000_020], 15),
  counter('missed', 'a:1', '200', [100, 110, null, null, 140, null, null, null, 180]),
  counter('late', 'a:1', '200', [100, 110, 120, 130, 140, 150, 160, 170]),
];

/** What each template reads, with the labels that its exporter gives: the new version fails 8 of 400 in a minute, the old 4. */
function exported(job: string, arms: Record<'old' | 'new', Labels>, of: (failed: boolean) => Labels): Past[] {
  return (['old', 'new'] as const).flatMap((arm) =>
    [false, true].map((failed) => {
      const labels = { job, instance: `${job}:${arm}`, ...arms[arm], ...of(failed) };
      const by = failed ? { old: 1, new: 2 }[arm] : { old: 99, new: 98 }[arm];
      return steady(REQUESTS[job] ?? '', labels, { from: START, to: START + HOUR, every: EVERY, by });
    }),
  );
}

type Labels = Record<string, string>;
const REQUESTS: Labels = {
  istio: 'istio_requests_total',
  'nginx-ingress': 'nginx_ingress_controller_requests',
  haproxy: 'haproxy_server_http_responses_total',
};

/** A histogram in which half take 0.1 s or less, and the others up to 1 s. */
function durations(metric: string, labels: Labels, unit: number): Past[] {
  return [
    [0.1, 50],
    [1, 100],
    ['+Inf', 100],
  ].map(([le, by]) => {
    const bound = typeof le === 'number' ? String(le * unit) : String(le);
    const range = { from: START, to: START + HOUR, every: EVERY, by: Number(by) };
    return steady(`${metric}_bucket`, { ...labels, le: bound }, range);
  });
}

const OF_ISTIO = { reporter: 'destination', destination_canonical_service: 'web' };
const NEW_AT_ISTIO = { job: 'istio', instance: 'istio:new', ...OF_ISTIO, destination_version: 'v2.1.0' };
const NEW_AT_NGINX = { job: 'nginx-ingress', instance: 'n:new', ingress: 'web-canary', canary: 'web-canary' };
const EXPORTED: Past[] = [
  ...exported(
    'istio',
    { old: { destination_version: 'v2.0.4' }, new: { destination_version: 'v2.1.0' } },
    (failed) => ({ ...OF_ISTIO, response_code: failed ? '503' : '200' }),
  ),
  // Counted once more where it is sent, which is no second request.
  steady(
    'istio_requests_total',
    { ...NEW_AT_ISTIO, reporter: 'source', instance: 'istio:source', response_code: '503' },
    { from: START, to: START + HOUR, every: EVERY, by: 50 },
  ),
  ...durations('istio_request_duration_milliseconds', NEW_AT_ISTIO, 1_000),
  ...exported(
    'nginx-ingress',
    { old: { ingress: 'web', canary: '' }, new: { ingress: 'web-canary', canary: 'web-canary' } },
    (failed) => ({ status: failed ? '502' : '200' }),
  ),
  ...durations('nginx_ingress_controller_request_duration_seconds', NEW_AT_NGINX, 1),
  ...exported('haproxy', { old: { server: 'blue1' }, new: { server: 'green1' } }, (failed) => ({
    proxy: 'web',
    code: failed ? '5xx' : '2xx',
  })),
  ...[
    ['blue1', 'v2.0.4'],
    ['green1', 'v2.1.0'],
  ].map(([server = '', version = '']) =>
    steady(
      'app_info',
      { job: 'web', server, version },
      { from: START, to: START + HOUR, every: EVERY, by: 0, start: 1 },
    ),
  ),
];

describe.skipIf(missing.length > 0)(`Prometheus itself${missing.length > 0 ? `: ${reason}` : ''}`, () => {
  let server: PrometheusServer;
  beforeAll(async () => {
    server = await startPrometheus([...versions(), ...STORIES, ...EXPORTED]);
  });
  afterAll(() => server.stop());

  const silentWorld = {
    change: { ...CHANGE, service: 'nobody' },
    window: { from: START, to: START + MINUTE },
  };

  testMetricsSource('prometheus', async () => {
    let failing: Server | undefined;
    let address = server.url;
    const source = (): MetricsSource => open({ url: address, slower_than: 0.3 });
    const subject = {
      get source() {
        return source();
      },
      change: CHANGE,
      async windowAt(percent: 0 | 50 | 100) {
        const from = START + { 0: 0, 50: 1, 100: 2 }[percent] * HOUR + 10 * MINUTE;
        return { from, to: from + MINUTE };
      },
      silent: async () => silentWorld,
      async breakDown() {
        failing = await answering((_request, response) => response.writeHead(503).end());
        address = urlOf(failing);
      },
      async hang() {
        failing = await answering(() => {});
        address = urlOf(failing);
      },
      async close() {
        failing?.closeAllConnections();
        failing?.close();
      },
    };
    return subject;
  });

  async function countsOf(service: string, more: Record<string, unknown> = {}) {
    // Read a scrape later than asked: the window that is asked for ends a scrape after the one that is meant.
    const reading = await open({ url: server.url, metrics: { p50: null, p99: null }, ...more }).read(
      { ...CHANGE, service },
      START + EVERY,
      START + MINUTE + EVERY,
    );
    return countsIn(metricsOf(reading));
  }

  it('AN-7: counts each request once: windows side by side add up to the whole, and nothing is stretched', async () => {
    const source = open({ url: server.url });
    const read = async (from: number, to: number) =>
      countsIn(metricsOf(await source.read(CHANGE, START + HOUR + from, START + HOUR + to))).canary;
    const whole = await read(10 * MINUTE, 20 * MINUTE);
    expect(whole).toEqual({ n: 4_000, x: 80 });
    const parts = await Promise.all(
      [10, 12.1, 13.7, 19.9].map((from, index, all) => read(from * MINUTE, (all[index + 1] ?? 20) * MINUTE)),
    );
    expect(parts.reduce((sum, { n }) => sum + n, 0)).toBe(whole.n);
    expect(parts.reduce((sum, { x }) => sum + x, 0)).toBe(whole.x);
  });

  it('counts on after a restart of the process, and never backwards', async () => {
    expect((await countsOf('reset')).canary).toEqual({ n: 10 + 5 + 10 + 10, x: 0 });
  });

  it('counts the first error ever, which has no series before it', async () => {
    expect((await countsOf('first-error')).canary).toEqual({ n: 40 + 3, x: 3 });
  });

  it('does not take what a process counted over its whole life for the requests of one minute', async () => {
    expect((await countsOf('gap')).canary).toEqual({ n: 20, x: 0 });
  });

  it('bridges scrapes that were missed', async () => {
    expect((await countsOf('missed')).canary).toEqual({ n: 40, x: 0 });
  });

  it('reads a window one scrape later, so that a late scrape is in it', async () => {
    const source = open({ url: server.url, metrics: { p50: null, p99: null } });
    const reading = await source.read({ ...CHANGE, service: 'late' }, START, START + 30 * SECOND);
    expect(countsIn(metricsOf(reading)).canary).toEqual({ n: 20, x: 0 });
  });

  it('AN-7: reads quantiles in ms, and the requests over a bucket as counts', async () => {
    const source = open({ url: server.url, slower_than: 0.3 });
    const from = START + HOUR + 10 * MINUTE;
    const metrics = metricsOf(await source.read(CHANGE, from, from + MINUTE));
    expect(metrics.find(({ metric }) => metric === 'slow')).toMatchObject({ canary: { n: 400, x: 40 } });
    const p99 = metrics.find(({ metric }) => metric === 'p99');
    expect(p99).toMatchObject({ kind: 'values', unit: 'ms' });
    expect(p99?.canary).toBeCloseTo(1_000, 3);
  });

  const servers_by = {
    info: 'app_info{job="{{service}}"}',
    label: 'server',
    server: 'server',
    version: 'version',
  };
  it.each([
    ['istio', {}],
    ['nginx-ingress', {}],
    ['haproxy', { servers_by }],
  ])(
    'K-9: the template %s reads what its exporter writes, both versions and their failures',
    async (template, more) => {
      const from = START + 10 * MINUTE;
      const source = open({ url: server.url, template, ...more });
      const metrics = metricsOf(await source.read({ ...CHANGE, service: 'web' }, from, from + MINUTE));
      expect(countsIn(metrics)).toMatchObject({ baseline: { n: 400, x: 4 }, canary: { n: 400, x: 8 } });
      const p50 = metrics.find(({ metric }) => metric === 'p50');
      // HAProxy has no histogram.
      if (template === 'haproxy') return expect(p50).toBeUndefined();
      expect(p50).toMatchObject({ kind: 'values', unit: 'ms', baseline: null, canary: 100 });
    },
  );

  it('asks the app which server runs which version where only servers are told apart', async () => {
    const source = open({
      url: server.url,
      servers_by: {
        info: 'http_requests_total{job="checkout",code="200"}',
        label: 'instance',
        server: 'instance',
      },
    });
    const from = START + HOUR + 10 * MINUTE;
    const counts = countsIn(metricsOf(await source.read(CHANGE, from, from + MINUTE)));
    expect(counts).toMatchObject({ baseline: { n: 400 }, canary: { n: 400, x: 8 } });
  });

  it('tries each metric of a service for the doctor, and says what it does not find', async () => {
    const source = open({
      url: server.url,
      metrics: { orders: { kind: 'value', query: 'sum(orders{{{arm}}})' } },
    });
    const findings = (await source.check?.(CHANGE)) ?? [];
    expect(findings.map(({ what, ok }) => [what, ok])).toEqual([
      ['read errors of checkout', true],
      ['read p50 of checkout', true],
      ['read p99 of checkout', true],
      ['read orders of checkout', false],
      // The test's clock stands in the past.
      ['compare clocks with Prometheus', false],
    ]);
    expect(findings[3]?.problem).toMatch(/no series/);
  });

  it('gives the history of one metric, both arms together, in steps of a minute over days', async () => {
    const source = open({ url: server.url });
    const range = { from: START + 2 * HOUR + 5 * MINUTE, to: START + 3 * HOUR, step: MINUTE };
    const points = (await source.series?.(CHANGE, 'errors', range)) ?? [];
    expect(points).toHaveLength(56);
    for (const { value } of points) expect(value).toBeCloseTo(2, 6);
    const days = { from: START - 10 * 24 * HOUR, to: START + 3 * HOUR, step: MINUTE };
    expect((await source.series?.(CHANGE, 'p99', days))?.length).toBeGreaterThan(170);
  });

  it('says which bucket is not there, and shows what Prometheus says of a query it does not understand', async () => {
    const from = START + HOUR + 10 * MINUTE;
    const read = (more: object) => open({ url: server.url, ...more }).read(CHANGE, from, from + MINUTE);
    await expect(read({ slower_than: 0.25 })).rejects.toThrow(/le="0.25".*is that a bucket/);
    await expect(read({ match: 'job=checkout' })).rejects.toThrow(/refused the query \(400\): bad_data/);
    const many = { orders: { kind: 'value', query: 'http_requests_total{job="checkout",{{arm}}}' } };
    await expect(read({ metrics: many })).rejects.toThrow(/answers 2 series, and must answer one/);
  });
});

describe('Prometheus in trouble', () => {
  let server: Server;
  let asked: { authorization: string | undefined; url: string | undefined }[] = [];
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function reading(answer: RequestListener, settings: object = {}, variables = {}) {
    asked = [];
    server = await answering((request, response) => {
      asked.push({ authorization: request.headers.authorization, url: request.url });
      answer(request, response);
    });
    const source = open({ url: urlOf(server), ...settings }, variables);
    return source.read(CHANGE, START, START + MINUTE);
  }

  const says =
    (status: number, body = '', headers = {}): RequestListener =>
    (_request, response) =>
      void response.writeHead(status, headers).end(body);

  it.each([
    [401, /credentials \(401\): look at bearer/],
    [403, /need the right to read \/api\/v1\/query/],
    [404, /url, which ends before \/api\/v1/],
    [502, /failed \(502\)/],
    [302, /redirects \(302\)/],
    [200, /what answers there is not Prometheus/],
  ])('AN-5: %i is no reading, and says what to do', async (status, words) => {
    await expect(reading(says(status, '<html>', { location: 'http://127.0.0.1:1/' }))).rejects.toThrow(words);
    expect(asked.every(({ url }) => url === '/api/v1/query')).toBe(true);
  });

  it('says how long it is asked to wait', async () => {
    const answer = reading(says(429, '', { 'retry-after': '17' }));
    await expect(answer).rejects.toThrow(/\(429\), and asks to wait 17 s/);
    expect(waitIn(await answer.catch((error: unknown) => error))).toBe(17 * SECOND);
  });

  it('AN-5: a part of the data is no data, and Prometheus says why', async () => {
    const body = {
      status: 'success',
      data: { resultType: 'matrix', result: [] },
      warnings: ['store 10.0.0.9 did not answer'],
    };
    expect(await reading(says(200, JSON.stringify(body)))).toMatchObject({
      noData: 'Prometheus has a part of it only: store 10.0.0.9 did not answer',
    });
  });

  it.each([
    [42, 'its clock is 42 s ahead of ours'],
    [-90, 'its clock is 90 s behind ours'],
    [3, undefined],
  ])('AN-5: no data while the clocks are %i s apart says so', async (apart, words) => {
    const date = new Date(START + 1.5 * HOUR + apart * SECOND).toUTCString();
    const body = { status: 'success', data: { resultType: 'matrix', result: [] } };
    const read = await reading(says(200, JSON.stringify(body), { date }));
    if (!('noData' in read)) throw new Error('there is data');
    if (words === undefined) expect(read.noData).not.toContain('clock');
    else expect(read.noData).toContain(words);
  });

  it('reads no more than 2 MB, however much it is sent', async () => {
    const endless: RequestListener = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    await expect(reading(endless)).rejects.toThrow(/larger than 2 MB/);
  });

  it('sends the token or the password that the reference holds now, and tells nobody', async () => {
    const failure = reading(says(401), { bearer: 'env:TOKEN' }, { TOKEN: 'a-token' });
    await expect(failure).rejects.toThrow(/^(?!.*a-token)/);
    expect(asked[0]?.authorization).toBe('Bearer a-token');
    server.close();
    await expect(
      reading(says(401), { basic: { user: 'gonogo', password: 'env:WORD' } }, { WORD: 'secret' }),
    ).rejects.toThrow();
    expect(asked.at(-1)?.authorization).toBe(`Basic ${Buffer.from('gonogo:secret').toString('base64')}`);
  });

  it('trusts the certificates it is given, and no other unless it is told to', async () => {
    const file = (name: string) => new URL(`./tls/${name}`, import.meta.url).pathname;
    const tls = createTlsServer(
      { cert: readFileSync(file('server.pem')), key: readFileSync(file('server.key')) },
      says(401),
    );
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    server = tls as unknown as Server;
    const url = `https://localhost:${(tls.address() as AddressInfo).port}`;
    const read = (settings: object) => open({ url, ...settings }).read(CHANGE, START, START + MINUTE);
    await expect(read({})).rejects.toThrow(/cannot be reached: (DEPTH_ZERO_)?SELF_SIGNED_CERT/);
    await expect(read({ ca: file('server.pem') })).rejects.toThrow(/\(401\)/);
    await expect(read({ insecure: { any_certificate: true } })).rejects.toThrow(/\(401\)/);
  });

  it('is not opened where a credential would travel in the clear, or where nothing tells the versions apart', () => {
    server = createServer();
    const bearer = 'env:TOKEN';
    expect(() => open({ url: 'http://prometheus:9090', bearer })).toThrow(/without TLS/);
    expect(() =>
      open({ url: 'http://prometheus:9090', bearer, insecure: { plain_http: true } }),
    ).not.toThrow();
    expect(() => open({ url: 'http://prometheus:9090', template: 'haproxy' })).toThrow(/servers_by/);
    expect(() => open({ url: 'http://prometheus:9090', template: 'none' })).toThrow(/no metric/);
  });
});

async function answering(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
