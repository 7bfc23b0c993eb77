/** A signed POST to a server of the team's own: bounded in time and size, and every refusal in words. */

import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { defined } from '../defined.ts';
import { type Duration, SECOND } from '../time.ts';
import type { AdapterContext } from './kind.ts';
import { readRetryAfter } from './retry-after.ts';
import { type SecretRef, secretRef } from './secrets.ts';

/** Less than the engine waits for, so that the reason is the server's and not the engine's. */
const ANSWERS_WITHIN: Duration = 15 * SECOND;
/** Reading more would hold everything else up. */
export const MAX_ANSWER_BYTES = 1_000_000;
const MAX_WORDS = 300;
/** What tells a secret from a word that somebody can guess. */
const SHORTEST_SECRET = 32;

/** What stands in gonogo.yml for whatever is called this way. */
export const signedSettings = {
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#]|:\/\/[^/]*@/.test(url), 'no query, fragment or credentials')
    .meta({ description: 'where the server answers; the paths of the contract are put behind it' }),
  secret: secretRef.meta({ description: 'by which requests are signed; at least 32 characters' }),
  insecure: z
    .strictObject({ plain_http: z.literal(true) })
    .meta({
      description: 'what is given up: plain_http lets anybody on the way read, and answer in its place',
    })
    .optional(),
};

export interface SignedSettings {
  url: string;
  secret: SecretRef;
  insecure?: { plain_http: true } | undefined;
}

/** `not-allowed`: the signature or the right is missing. `refused`: what was asked cannot be. Else it may work later. */
export type Failure = 'refused' | 'not-allowed' | 'unreachable';

export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly failure: Failure;
  /** How long the server asks to be left alone. */
  readonly retryAfter?: Duration;

  constructor(
    message: string,
    failure: Failure,
    { retryAfter, ...options }: { cause?: unknown; retryAfter?: Duration } = {},
  ) {
    super(message, options);
    this.failure = failure;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}

export const SIGNED_HEADERS = { timestamp: 'x-gonogo-timestamp', signature: 'x-gonogo-signature' } as const;

/** Lower-case hex, as CI signs what it reports. `timestamp` is Unix seconds, `path` what is on the wire. */
export function signatureOf(
  secret: string,
  { timestamp, path, body }: { timestamp: string; path: string; body: string },
): string {
  return createHmac('sha256', secret).update(`v1:${timestamp}:POST:${path}:${body}`).digest('hex');
}

export type SignedCall = <T>(
  path: string,
  body: Readonly<Record<string, unknown>>,
  answer: z.ZodType<T>,
  signal?: AbortSignal,
) => Promise<T>;

/** Throws at once where its settings cannot work. A `key` in the body is also sent as `Idempotency-Key`. */
export function createSignedCall(settings: SignedSettings, context: AdapterContext): SignedCall {
  const base = settings.url.replace(/\/+$/, '');
  refusePlain(settings);
  secretOf(settings, context);
  if (settings.insecure?.plain_http === true) context.log.warn('insecure: the webhook is called without TLS');
  const { host } = new URL(base);
  return async (path, body, answer, signal) => {
    const url = new URL(`${base}${path}`);
    const received = await send(url, JSON.stringify(body), keyIn(body), { settings, context, signal });
    if (received.status < 200 || received.status > 299) throw refusal(host, received);
    const read = answer.safeParse(parsed(received.text));
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    throw new CallFailed(
      `${host} does not answer ${path} as the contract says: ${issue?.path.join('.') || 'its body'}: ${issue?.message}`,
      'unreachable',
    );
  };
}

function refusePlain({ url, insecure }: SignedSettings): void {
  const { protocol, hostname, host } = new URL(url);
  if (protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return;
  if (insecure?.plain_http === true) return;
  throw new Error(`${host} would be called without TLS: use https, or say insecure: { plain_http: true }`);
}

function secretOf({ secret }: SignedSettings, context: AdapterContext): string {
  const value = context.secret(secret);
  if (value.length < SHORTEST_SECRET) {
    throw new CallFailed(`${secret} is shorter than ${SHORTEST_SECRET} characters`, 'not-allowed');
  }
  return value;
}

const keyIn = ({ key }: Readonly<Record<string, unknown>>): Record<string, string> =>
  typeof key === 'string' ? { 'idempotency-key': key } : {};

interface Received {
  status: number;
  retryAfter: string | null;
  text: string;
}

interface Sending {
  settings: SignedSettings;
  context: AdapterContext;
  signal: AbortSignal | undefined;
}

/** Redirects are not followed: what is signed is for this address alone. */
async function send(
  url: URL,
  body: string,
  headers: Record<string, string>,
  { settings, context, signal }: Sending,
): Promise<Received> {
  // Signed by real time, however fast another clock runs: the server has no other.
  const timestamp = String(Math.floor(Date.now() / SECOND));
  const signature = signatureOf(secretOf(settings, context), { timestamp, path: url.pathname, body });
  try {
    const answer = await context.fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        [SIGNED_HEADERS.timestamp]: timestamp,
        [SIGNED_HEADERS.signature]: `v1=${signature}`,
        ...headers,
      },
      body,
      signal: AbortSignal.any([
        AbortSignal.timeout(ANSWERS_WITHIN),
        ...(signal === undefined ? [] : [signal]),
      ]),
    });
    const text = await bounded(answer, url.host);
    return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text };
  } catch (error) {
    if (error instanceof CallFailed) throw error;
    throw new CallFailed(unreachable(url.host, error), 'unreachable', { cause: error });
  }
}

async function bounded(answer: Response, host: string): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    // Leaving the loop ends the connection.
    if (text.length > MAX_ANSWER_BYTES) {
      throw new CallFailed(`${host} answers more than ${MAX_ANSWER_BYTES / 1e6} MB`, 'unreachable');
    }
  }
  return text;
}

function unreachable(host: string, error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `${host} did not answer within ${ANSWERS_WITHIN / SECOND} s`;
  if (name === 'AbortError') return `${host} had not answered when the call was given up`;
  const { code, message: why } = (cause ?? {}) as NodeJS.ErrnoException;
  return `${host} cannot be reached: ${code ?? why ?? message}`;
}

/** As RFC 9457 has it; what else a server says is shown as it is. */
const problemSchema = z.object({ title: z.string().optional(), detail: z.string().optional() });

function refusal(host: string, { status, retryAfter, text }: Received): CallFailed {
  const said = saidIn(text);
  const words = said === '' ? '' : `: ${said}`;
  if (status === 401 || status === 403) {
    return new CallFailed(
      `${host} does not take the signature (${status})${words}; compare the secret, and the clocks of both`,
      'not-allowed',
    );
  }
  if (status >= 300 && status < 400) {
    return new CallFailed(`${host} redirects (${status}): name the address it redirects to`, 'refused');
  }
  // 409: what it is in conflict with comes to an end.
  if ([408, 409, 425, 429].includes(status) || status >= 500) {
    const again = retryAfter === null ? '' : `, and asks to wait ${cut(retryAfter)} s`;
    return new CallFailed(
      `${host} cannot do it now (${status})${words}${again}`,
      'unreachable',
      defined({ retryAfter: readRetryAfter(retryAfter) }),
    );
  }
  return new CallFailed(`${host} refused it (${status})${words}`, 'refused');
}

function saidIn(text: string): string {
  const { detail, title } = problemSchema.safeParse(parsed(text)).data ?? {};
  return cut((detail ?? title ?? text).trim());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is refused with the words of the schema.
    return undefined;
  }
}

function cut(text: string): string {
  return text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS)} …` : text;
}
