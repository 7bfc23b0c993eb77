/** PagerDuty by its Events API v2: alerts that are triggered, acknowledged and resolved under one key, and change events. */

import { z } from 'zod';
import { type AdapterContext, adapterKind } from '../adapters/kind.ts';
import { type SecretRef, secretRef } from '../adapters/secrets.ts';
import { readRetryAfter } from '../adapters/signed-call.ts';
import { defined } from '../defined.ts';
import { type Duration, SECOND } from '../time.ts';
import { eventOf } from './pagerduty/event.ts';
import { type Notifier, NotifierError } from './port.ts';
import { tryNotifier } from './probe.ts';

const settings = z.strictObject({
  routing_key: secretRef.meta({
    description: 'the Integration Key of an integration of the kind Events API v2: 32 characters',
  }),
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#]|:\/\/[^/]*@/.test(url), 'no query, fragment or credentials')
    .default('https://events.pagerduty.com')
    .meta({ description: 'another one for accounts in Europe: https://events.eu.pagerduty.com' }),
});

type Settings = z.output<typeof settings>;

export const pagerduty = adapterKind({
  summary: 'PagerDuty, by its Events API v2',
  settings,
  example: { routing_key: 'env:PAGERDUTY_ROUTING_KEY' as SecretRef },
  open(opened, context): Notifier {
    refusePlain(opened.url);
    const notify = notifying(opened, context);
    return {
      name: 'pagerduty',
      notify,
      check: (signal) =>
        tryNotifier(
          { notify },
          'compare routing_key with the Integration Key in PagerDuty: the service, Integrations, Events API v2',
          signal,
        ),
    };
  },
});

/** The key alone is the right to call people. */
function refusePlain(url: string): void {
  const { protocol, hostname, host } = new URL(url);
  if (protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return;
  throw new Error(`${host} would be called without TLS: use https`);
}

/** Less than the engine waits for, so that the reason is PagerDuty's and not the engine's. */
const ANSWERS_WITHIN: Duration = 15 * SECOND;
const MAX_ANSWER_BYTES = 100_000;

function notifying(opened: Settings, context: AdapterContext): Notifier['notify'] {
  const base = opened.url.replace(/\/+$/, '');
  // Missing or odd at the start, it would be missing when it is needed.
  context.secret(opened.routing_key);
  return async (notification, signal) => {
    const routingKey = context.secret(opened.routing_key);
    const { path, body } = eventOf(notification, routingKey);
    const { host } = new URL(base);
    const { status, retryAfter, text } = await post(context, new URL(`${base}${path}`), body, signal);
    if (status === 202) return;
    throw new NotifierError(refusal(host, status, saidIn(text, routingKey)), defined({ retryAfter }));
  };
}

interface Received {
  status: number;
  retryAfter: Duration | undefined;
  text: string;
}

/** Redirects are not followed: the key is for this address alone. */
async function post(
  { fetch }: AdapterContext,
  url: URL,
  body: object,
  signal: AbortSignal | undefined,
): Promise<Received> {
  const late = AbortSignal.timeout(ANSWERS_WITHIN);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: signal === undefined ? late : AbortSignal.any([late, signal]),
    });
    const retryAfter = readRetryAfter(answer.headers.get('retry-after'));
    return { status: answer.status, retryAfter, text: await bounded(answer) };
  } catch (error) {
    throw new NotifierError(unreachable(url.host, error as Error), { cause: error });
  }
}

async function bounded(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    // Leaving the loop ends the connection.
    if (text.length > MAX_ANSWER_BYTES) break;
  }
  return text;
}

function unreachable(host: string, { name, message, cause }: Error): string {
  if (name === 'TimeoutError') return `${host} did not answer within ${ANSWERS_WITHIN / SECOND} s`;
  if (name === 'AbortError') return `${host} had not answered when the call was given up`;
  const { code, message: why } = (cause ?? {}) as NodeJS.ErrnoException;
  return `${host} cannot be reached: ${code ?? why ?? message}`;
}

function refusal(host: string, status: number, said: string): string {
  const words = said === '' ? '' : `: ${said}`;
  if (status === 400) return `${host} takes the event for invalid (400)${words}`;
  if (status === 429) return `${host} takes no more events just now (429)${words}`;
  if (status >= 300 && status < 400) return `${host} redirects (${status}): name the address it redirects to`;
  return `${host} does not take it (${status})${words}`;
}

const MAX_WORDS = 300;
const answerSchema = z.object({
  message: z.string().optional(),
  errors: z.array(z.string()).optional(),
});

/** What it says of it, without the key, should it repeat that. */
function saidIn(text: string, routingKey: string): string {
  const { message, errors = [] } = answerSchema.safeParse(parsed(text)).data ?? {};
  const said = [...(message === undefined ? [] : [message]), ...errors].join('; ') || text.trim();
  return said.replaceAll(routingKey, '…').slice(0, MAX_WORDS);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is shown as it is.
    return undefined;
  }
}
