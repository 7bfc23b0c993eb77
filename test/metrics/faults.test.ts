/** What can go wrong at a metric source: one table, in which no kind and no fault may be left out. None of it is a reading. */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { waitIn } from '../../src/adapters/retry-after.ts';
import { METRICS } from '../../src/metrics/index.ts';
import { MetricsError, type MetricsSource } from '../../src/metrics/port.ts';
import { soundReading } from '../../src/metrics/reading.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { adapterContext } from '../adapter-context.ts';
import { CHANGE } from '../changes.ts';
import { countsIn, metricsOf } from './conformance.ts';

const START = Date.UTC(2026, 0, 5, 13);
const WINDOW = { from: START, to: START + MINUTE };

const ASKED_TO_WAIT = 40;

const says =
  (status: number, body = '<html>no</html>', headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);

const FAULTS = {
  'the credentials are not accepted (401)': says(401),
  'a right is missing (403)': says(403),
  'there is no such thing (404)': says(404),
  'what is asked is invalid there (422)': says(422),
  'it is busy, and says until when (429)': says(429, '', { 'retry-after': String(ASKED_TO_WAIT) }),
  'it fails (500)': says(500),
  'it is away, and says until when (503)': says(503, '', { 'retry-after': String(ASKED_TO_WAIT) }),
  'it redirects (302)': says(302, '', { location: 'http://127.0.0.1:1/' }),
  'it does not answer in time': () => {},
  'its answer is cut off': (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{');
    response.flushHeaders();
    setImmediate(() => response.destroy());
  },
  'its answer is huge': says(200, 'x'.repeat(2_100_000)),
  'its answer is a page of whatever stands between': says(200),
  'its answer is empty': says(200, ''),
  'its answer is of another form': says(200, '{"hello":"world"}'),
} satisfies Record<string, RequestListener>;

type Fault = keyof typeof FAULTS;
const WAITS: readonly Fault[] = [
  'it is busy, and says until when (429)',
  'it is away, and says until when (503)',
];

/** Figures that cannot be, as it would send them. */
const IMPOSSIBLE = [
  'not a number',
  'less than nothing',
  'more errors than requests',
  'without an end',
] as const;

interface Subject {
  open(url: string): MetricsSource;
  /** In the words that people read. */
  words: Record<Fault, RegExp>;
  /** 400 requests of each version, 4 of them failed. */
  whole: RequestListener;
  impossible: Record<(typeof IMPOSSIBLE)[number], RequestListener>;
}

/** Two samples of each counter in the window; `errors` are what the second query of a pair asks for. */
function prometheusSays(all: string, errors: string): RequestListener {
  return async (request, response) => {
    let asked = '';
    for await (const chunk of request) asked += String(chunk);
    const end = Number(new URLSearchParams(asked).get('time'));
    const last = /5\.\./.test(new URLSearchParams(asked).get('query') ?? '') ? errors : all;
    const values = [
      [end - 30, '0'],
      [end - 1, last],
    ];
    const data = { resultType: 'matrix', result: [{ metric: {}, values }] };
    response.writeHead(200).end(JSON.stringify({ status: 'success', data }));
  };
}

const webhookSays = (counts: string): RequestListener =>
  says(
    200,
    `{"metrics":[{"metric":"errors","kind":"counts","baseline":{"n":400,"x":4},"canary":${counts}}]}`,
  );

const NOT_PROMETHEUS = /what answers there is not Prometheus/;
const NOT_THE_CONTRACT = /does not answer \/metrics as the contract says/;
const NOT_THE_SIGNATURE = /does not take the signature \(40[13]\).*compare the secret, and the clocks/;

const SUBJECTS: Record<string, Subject | { cannot: string }> = {
  simulator: { cannot: 'it asks nobody' },
  prometheus: {
    open: (url) =>
      METRICS.open(
        { kind: 'prometheus', settings: { url, metrics: { p50: null, p99: null } } },
        adapterContext({ clock: { now: () => WINDOW.to } }),
      ),
    words: {
      'the credentials are not accepted (401)': /credentials \(401\): look at bearer or basic/,
      'a right is missing (403)': /need the right to read \/api\/v1\/query/,
      'there is no such thing (404)': /look at url, which ends before \/api\/v1/,
      'what is asked is invalid there (422)': /refused the query \(422\)/,
      'it is busy, and says until when (429)': /\(429\), and asks to wait 40 s/,
      'it fails (500)': /failed \(500\)/,
      'it is away, and says until when (503)': /failed \(503\), and asks to wait 40 s/,
      'it redirects (302)': /redirects \(302\): name the address/,
      'it does not answer in time': /did not answer within 15 s/,
      'its answer is cut off': /cannot be reached/,
      'its answer is huge': /larger than 2 MB: narrow the selector/,
      'its answer is a page of whatever stands between': NOT_PROMETHEUS,
      'its answer is empty': NOT_PROMETHEUS,
      'its answer is of another form': NOT_PROMETHEUS,
    },
    whole: prometheusSays('400', '4'),
    impossible: {
      'not a number': prometheusSays('NaN', '4'),
      'less than nothing': prometheusSays('-400', '4'),
      'more errors than requests': prometheusSays('4', '400'),
      'without an end': prometheusSays('+Inf', '4'),
    },
  },
  webhook: {
    open: (url) =>
      METRICS.open(
        { kind: 'webhook', settings: { url, secret: 'env:SECRET' } },
        adapterContext({ variables: { SECRET: 'x'.repeat(32) } }),
      ),
    words: {
      'the credentials are not accepted (401)': NOT_THE_SIGNATURE,
      'a right is missing (403)': NOT_THE_SIGNATURE,
      'there is no such thing (404)': /refused it \(404\)/,
      'what is asked is invalid there (422)': /refused it \(422\)/,
      'it is busy, and says until when (429)': /cannot do it now \(429\), and asks to wait 40 s/,
      'it fails (500)': /cannot do it now \(500\)/,
      'it is away, and says until when (503)': /cannot do it now \(503\), and asks to wait 40 s/,
      'it redirects (302)': /redirects \(302\): name the address/,
      'it does not answer in time': /did not answer within 15 s/,
      'its answer is cut off': /cannot be reached/,
      'its answer is huge': /more than 1 MB/,
      'its answer is a page of whatever stands between': NOT_THE_CONTRACT,
      'its answer is empty': NOT_THE_CONTRACT,
      'its answer is of another form': NOT_THE_CONTRACT,
    },
    whole: webhookSays('{"n":400,"x":4}'),
    impossible: {
      'not a number': webhookSays('{"n":NaN,"x":4}'),
      'less than nothing': webhookSays('{"n":-400,"x":4}'),
      'more errors than requests': webhookSays('{"n":4,"x":400}'),
      'without an end': webhookSays('{"n":1e999,"x":4}'),
    },
  },
};

/** Seconds are milliseconds: nobody waits for what never comes. */
function hurry(): void {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / SECOND));
}

let server: Server;
let listener: RequestListener;
let url = '';

beforeAll(async () => {
  server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => void vi.restoreAllMocks());

it('K-9: every kind of metric source stands in the table of what goes wrong', () => {
  expect(Object.keys(SUBJECTS).sort()).toEqual([...METRICS.kinds].sort());
});

const subjects = Object.entries(SUBJECTS).flatMap(([kind, subject]) =>
  'cannot' in subject ? [] : [{ kind, ...subject }],
);

describe.each(subjects)(
  'what goes wrong at the metric source $kind',
  ({ open, words, whole, impossible }) => {
    let source: MetricsSource;
    beforeEach(() => {
      source = open(url);
      return () => source.close?.();
    });

    const read = () => source.read(CHANGE, WINDOW.from, WINDOW.to);

    it.each(Object.entries(FAULTS) as [Fault, RequestListener][])(
      'AN-5: %s: no reading, in words that say what it was, and it reads again once that is over',
      async (fault, answer) => {
        listener = answer;
        if (fault === 'it does not answer in time') hurry();
        const failed = await read().then(
          (reading) => Promise.reject(new Error(`it reads ${JSON.stringify(reading)}`)),
          (error: unknown) => error,
        );
        vi.restoreAllMocks();
        expect(failed).toBeInstanceOf(MetricsError);
        expect((failed as Error).message).toMatch(words[fault]);
        expect(waitIn(failed)).toBe(WAITS.includes(fault) ? ASKED_TO_WAIT * SECOND : undefined);
        listener = whole;
        expect(countsIn(metricsOf(await read())).canary).toEqual({ n: 400, x: 4 });
      },
    );

    it.each(IMPOSSIBLE)('AN-5: figures that are %s are no reading of the new version', async (what) => {
      listener = impossible[what];
      const reading = await read().catch((error: unknown) => {
        if (!(error instanceof MetricsError)) throw error;
        return { ...WINDOW, noData: error.message };
      });
      expect(soundReading(reading, WINDOW).reading).toHaveProperty('noData');
    });
  },
);
