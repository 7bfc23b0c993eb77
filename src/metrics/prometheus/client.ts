/** The query API of Prometheus over HTTP: bounded in time and size, and every refusal in words. */

import { readFileSync } from 'node:fs';
import { Agent, type Dispatcher, request } from 'undici';
import { z } from 'zod';
import type { AdapterContext } from '../../adapters/kind.ts';
import { readRetryAfter } from '../../adapters/retry-after.ts';
import { defined, given } from '../../defined.ts';
import { type Duration, type Instant, SECOND } from '../../time.ts';
import { MetricsError } from '../port.ts';
import type { PrometheusConnection } from './settings.ts';

/** Less than the engine waits for a reading, so that the reason is Prometheus' and not the engine's. */
const ANSWERS_WITHIN: Duration = 15 * SECOND;
/** Reading more would hold everything else up. */
const MAX_ANSWER_BYTES = 2_000_000;
const MAX_WORDS = 300;

const pair = z.tuple([z.number(), z.string()]);

const series = z.object({
  metric: z.record(z.string(), z.string()),
  value: pair.optional(),
  values: z.array(pair).optional(),
});

const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('vector'), result: z.array(series) }),
      z.object({ resultType: z.literal('matrix'), result: z.array(series) }),
      z.object({ resultType: z.literal('scalar'), result: pair }),
    ]),
    warnings: z.array(z.string()).optional(),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

export interface Sample {
  at: Instant;
  value: number;
}

export interface Series {
  labels: Readonly<Record<string, string>>;
  samples: Sample[];
}

export interface Answered {
  series: Series[];
  /** Why this may be a part only, in Prometheus' words; remarks about the query itself are not among them. */
  partial: string[];
}

export interface PrometheusClient {
  /** How far its clock was ahead of ours when it last answered, to a second or two; unset before. */
  skew(): Duration | undefined;
  /** What a query says of one moment; of a selector with a range, its samples as they were scraped. */
  query(query: string, at: Instant, signal?: AbortSignal): Promise<Answered>;
  queryRange(
    query: string,
    range: { from: Instant; to: Instant; step: Duration },
    signal?: AbortSignal,
  ): Promise<Answered>;
  close(): Promise<void>;
}

export function createClient(settings: PrometheusConnection, context: AdapterContext): PrometheusClient {
  const dispatcher = dispatcherFor(settings);
  const base = settings.url.replace(/\/+$/, '');
  let skew: Duration | undefined;
  const ask = async (path: string, body: Record<string, string>, signal?: AbortSignal): Promise<Answered> => {
    const answer = await send(`${base}/api/v1/${path}`, {
      dispatcher,
      headers: { ...settings.headers, ...authorization(settings, context) },
      body: new URLSearchParams(body).toString(),
      signal: AbortSignal.any([
        AbortSignal.timeout(ANSWERS_WITHIN),
        ...(signal === undefined ? [] : [signal]),
      ]),
    });
    if (answer.date !== undefined) skew = Math.round((answer.date - context.clock.now()) / SECOND) * SECOND;
    return understood(answer, context);
  };
  return {
    skew: () => skew,
    query: (query, at, signal) => ask('query', { query, time: seconds(at) }, signal),
    queryRange: (query, { from, to, step }, signal) =>
      ask('query_range', { query, start: seconds(from), end: seconds(to), step: seconds(step) }, signal),
    close: () => dispatcher.close(),
  };
}

const seconds = (ms: number): string => (ms / SECOND).toFixed(3);

function dispatcherFor({ ca, insecure }: PrometheusConnection): Dispatcher {
  return new Agent({
    connect: {
      timeout: 5 * SECOND,
      ...defined({ ca: given(ca, (ca) => readFileSync(ca, 'utf8')) }),
      ...(insecure?.any_certificate === true ? { rejectUnauthorized: false } : {}),
    },
  });
}

function authorization(
  { bearer, basic }: PrometheusConnection,
  { secret }: AdapterContext,
): Record<string, string> {
  if (bearer !== undefined) return { authorization: `Bearer ${secret(bearer)}` };
  if (basic === undefined) return {};
  const pair = Buffer.from(`${basic.user}:${secret(basic.password)}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

interface Sent {
  dispatcher: Dispatcher;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
}

interface Received {
  status: number;
  /** When it answered, by its own clock. */
  date: Instant | undefined;
  retryAfter: string | undefined;
  text: string;
}

/** Redirects are not followed: the credentials are for this address alone. */
async function send(url: string, { headers, ...sent }: Sent): Promise<Received> {
  try {
    const {
      statusCode,
      headers: answered,
      body,
    } = await request(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      ...sent,
    });
    const retryAfter = answered['retry-after'];
    const text = await bounded(body);
    const date = Date.parse(String(answered.date));
    return {
      status: statusCode,
      date: Number.isNaN(date) ? undefined : date,
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
      text,
    };
  } catch (error) {
    if (error instanceof MetricsError) throw error;
    throw new MetricsError(unreachable(error), { cause: error });
  }
}

async function bounded(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const piece = Buffer.from(chunk as Uint8Array);
    size += piece.length;
    // Leaving the loop ends the connection.
    if (size > MAX_ANSWER_BYTES) {
      throw new MetricsError(
        `Prometheus' answer is larger than ${MAX_ANSWER_BYTES / 1e6} MB: narrow the selector, or sum it up in a recording rule`,
      );
    }
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unreachable(error: unknown): string {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return `Prometheus did not answer within ${ANSWERS_WITHIN / SECOND} s`;
  return `Prometheus cannot be reached: ${code ?? message}`;
}

function understood({ status, retryAfter, text }: Received, { log }: AdapterContext): Answered {
  const answer = parsed(text);
  const wait = { retryAfter: readRetryAfter(retryAfter) };
  if (answer?.status === 'error') throw new MetricsError(refusal(status, retryAfter, answer), wait);
  if (status !== 200) throw new MetricsError(refusal(status, retryAfter), wait);
  if (answer === undefined) throw new MetricsError('what answers there is not Prometheus');
  const { data, warnings = [] } = answer;
  const remarks = warnings.filter((warning) => REMARK.test(warning));
  if (remarks.length > 0) log.warn({ remarks }, 'Prometheus remarks on a query');
  const partial = warnings.filter((warning) => !REMARK.test(warning)).map(cut);
  if (data.resultType === 'scalar') {
    return { series: [{ labels: {}, samples: [sample(data.result)] }], partial };
  }
  const found = data.result.map(({ metric, value, values }) => ({
    labels: metric,
    samples: (values ?? (value === undefined ? [] : [value])).map(sample),
  }));
  return { series: found, partial };
}

/** About how a query is written, and not about what was found. */
const REMARK = /^PromQL (info|warning):/;

function sample([at, value]: [number, string]): Sample {
  return { at: Math.round(at * SECOND), value: Number(value.replace('Inf', 'Infinity')) };
}

function parsed(text: string): z.output<typeof answerSchema> | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function refusal(
  status: number,
  retryAfter: string | undefined,
  answer?: { errorType: string; error: string },
): string {
  const said = answer === undefined ? '' : `: ${answer.errorType}: ${cut(answer.error)}`;
  const again = retryAfter === undefined ? '' : `, and asks to wait ${cut(retryAfter)} s`;
  if (status === 401) return 'Prometheus does not take the credentials (401): look at bearer or basic';
  if (status === 403)
    return 'Prometheus does not let these credentials query (403): they need the right to read /api/v1/query';
  if (status === 404)
    return 'there is no query API at this address (404): look at url, which ends before /api/v1';
  if (status === 429) return `Prometheus limits how often it is asked (429)${again}`;
  if (status >= 300 && status < 400)
    return `Prometheus' address redirects (${status}): name the address it redirects to`;
  if (status >= 500) return `Prometheus failed (${status})${said}${again}`;
  return `Prometheus refused the query (${status})${said}`;
}

function cut(text: string): string {
  return text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS)} …` : text;
}
