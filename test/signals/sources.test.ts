/** Alertmanager and Prometheus as sources of signals, against servers that answer as they do. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SIGNALS } from '../../src/signals/index.ts';
import type { SignalSource } from '../../src/signals/port.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { adapterContext } from '../adapter-context.ts';
import { CHANGE } from '../changes.ts';

const TO = Date.UTC(2026, 0, 5, 13);
const FROM = TO - 5 * MINUTE;

const open: (Server | SignalSource)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    if ('read' in one) await one.close?.();
    else await new Promise((done) => one.close(done));
  }
});

type Answering = (asked: { url: URL; body: URLSearchParams; headers: IncomingMessage['headers'] }) => {
  status?: number;
  body: unknown;
};

async function serve(answer: Answering): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body = new URLSearchParams(Buffer.concat(chunks).toString());
    const { status = 200, body: said } = answer({ url, body, headers: request.headers });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof said === 'string' ? said : JSON.stringify(said));
  });
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function source(kind: string, settings: Record<string, unknown>): SignalSource {
  const opened = SIGNALS.open({ kind, settings }, adapterContext({ variables: { TOKEN: 'secret' } }));
  open.push(opened);
  return opened;
}

describe('Alertmanager', () => {
  const fires = (labels: Record<string, string>, more: object = {}) => ({
    fingerprint: 'f1',
    startsAt: '2026-01-05T12:58:00.000Z',
    endsAt: '2026-01-05T13:08:00.000Z',
    updatedAt: '2026-01-05T12:59:00.000Z',
    generatorURL: '',
    status: { state: 'active', silencedBy: [], inhibitedBy: [] },
    receivers: [{ name: 'all' }],
    labels,
    annotations: {},
    ...more,
  });

  it('MV-1: names what fires for the service, since when and how bad, with the credentials it was given', async () => {
    const seen: string[] = [];
    const url = await serve(({ url: at, headers }) => {
      seen.push(at.pathname, ...at.searchParams.getAll('filter'), String(headers.authorization));
      const slow = fires(
        { alertname: 'Slow', severity: 'critical' },
        { annotations: { summary: 'p99 is 3 s' } },
      );
      return { body: [slow, { ...fires({ alertname: 'Queue' }), fingerprint: 'f2' }] };
    });
    const found = await source('alertmanager', { url, bearer: 'env:TOKEN' }).read(CHANGE, FROM, TO);
    expect(seen).toEqual(['/api/v2/alerts', 'service="checkout"', 'Bearer secret']);
    const at = Date.UTC(2026, 0, 5, 12, 58);
    expect(found.alerts).toEqual([
      { id: 'f1', name: 'Slow', critical: true, at, says: 'p99 is 3 s' },
      { id: 'f2', name: 'Queue', critical: false, at },
    ]);
  });

  it.each<[string, ReturnType<Answering>, RegExp]>([
    ['refuses', { status: 403, body: {} }, /answers 403/],
    ['is something else', { body: '<html>' }, /not Alertmanager/],
    ['says something else', { body: { status: 'success' } }, /not Alertmanager/],
    ['sends without end', { body: `["${'x'.repeat(2_100_000)}"]` }, /more than 2 MB/],
    ['redirects', { status: 302, body: '' }, /answers 302/],
  ])('AN-5: that %s says nothing, which is not the same as no alert', async (_what, answer, words) => {
    const url = await serve(() => answer);
    await expect(source('alertmanager', { url }).read(CHANGE, FROM, TO)).rejects.toThrow(words);
  });

  it('AN-5: that is gone, or does not answer until whoever asked gives up, rejects', async () => {
    await expect(
      source('alertmanager', { url: 'http://127.0.0.1:1' }).read(CHANGE, FROM, TO),
    ).rejects.toThrow('Alertmanager cannot be reached: ECONNREFUSED');
    const given = AbortSignal.abort(new Error('given up'));
    await expect(
      source('alertmanager', { url: 'http://127.0.0.1:1' }).read(CHANGE, FROM, TO, given),
    ).rejects.toThrow();
  });
});

describe('Prometheus', () => {
  const seconds = (at: number) => at / SECOND;
  const firing = (labels: Record<string, string>, times: number[]) => ({
    metric: { __name__: 'ALERTS', alertstate: 'firing', ...labels },
    values: times.map((at) => [seconds(at), '1']),
  });
  const every = (from: number, to: number) =>
    Array.from({ length: Math.floor((to - from) / (15 * SECOND)) + 1 }, (_, i) => from + i * 15 * SECOND);

  it('MV-1: finds what fires in the window and since when, and counts errors in logs', async () => {
    const asked: string[] = [];
    const url = await serve(({ url: at, body }) => {
      asked.push(body.get('query') ?? '');
      const vector = [
        { metric: {}, value: [seconds(TO), '2'] },
        { metric: { pod: 'b' }, value: [seconds(TO), '1'] },
      ];
      if (at.pathname.endsWith('query_range'))
        return {
          body: {
            status: 'success',
            data: {
              resultType: 'matrix',
              result: [
                firing({ alertname: 'Slow', severity: 'page' }, [
                  ...every(TO - 50 * MINUTE, TO - 40 * MINUTE),
                  ...every(TO - 3 * MINUTE, TO),
                ]),
                firing({ alertname: 'Over' }, every(TO - 30 * MINUTE, TO - 20 * MINUTE)),
              ],
            },
          },
        };
      return { body: { status: 'success', data: { resultType: 'vector', result: vector } } };
    });
    const found = await source('prometheus', {
      url,
      alerts: 'job="{{service}}"',
      critical_errors: 'sum(increase(log_messages_total{level="fatal",version="{{version}}"}[{{window}}]))',
    }).read(CHANGE, FROM, TO);
    expect(found).toEqual({
      alerts: [expect.objectContaining({ name: 'Slow', critical: true, at: TO - 3 * MINUTE })],
      criticalErrors: 3,
    });
    expect(asked.sort()).toEqual([
      'ALERTS{alertstate="firing",job="checkout"}',
      'sum(increase(log_messages_total{level="fatal",version="v2.1.0"}[300s]))',
    ]);
  });

  it('AN-5: an answer that is a part only is no answer', async () => {
    const url = await serve(() => ({
      body: { status: 'success', warnings: ['a store is away'], data: { resultType: 'matrix', result: [] } },
    }));
    await expect(source('prometheus', { url }).read(CHANGE, FROM, TO)).rejects.toThrow(
      'in part: a store is away',
    );
  });
});

it('credentials do not go over the wire in the clear', () => {
  for (const kind of ['prometheus', 'alertmanager'])
    expect(() => source(kind, { url: 'http://far.example.com', bearer: 'env:TOKEN' })).toThrow('without TLS');
});
