/** Alertmanager as a source of signals: the alerts that fire, by its API v2; what is silenced or inhibited is left out. */

import { request } from 'undici';
import { z } from 'zod';
import { type AdapterContext, adapterKind } from '../adapters/kind.ts';
import { secretRef } from '../adapters/secrets.ts';
import { defined, given } from '../defined.ts';
import { messageOf } from '../message-of.ts';
import { fillIn } from '../metrics/prometheus/fill-in.ts';
import { refuseUnsafe } from '../metrics/prometheus/settings.ts';
import type { FiredAlert } from '../terms/signals.ts';
import { type Duration, SECOND } from '../time.ts';
import { SignalError, type SignalSource } from './port.ts';
import { isCritical } from './severity.ts';

const settings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({ description: 'where Alertmanager answers, without /api/v2' }),
  bearer: secretRef.optional(),
  basic: z.strictObject({ user: z.string().min(1), password: secretRef }).optional(),
  match: z.array(z.string().min(1).max(500)).min(1).max(10).default(['service="{{service}}"']).meta({
    description:
      'matchers of the alerts that are about the service; {{service}} and {{environment}} are filled in',
  }),
  insecure: z
    .strictObject({
      plain_http: z.boolean().meta({ description: 'send credentials without TLS' }).optional(),
    })
    .optional(),
});

type Settings = z.output<typeof settings>;

export const alertmanager = adapterKind({
  summary: 'the alerts that fire in Alertmanager (API v2), and in what speaks it',
  settings,
  example: { url: 'https://alertmanager.example.com' },
  open(opened, context): SignalSource {
    refuseUnsafe(opened);
    return {
      name: 'alertmanager',
      read: (change, _from, _to, signal) => read(opened, context, change, signal),
    };
  },
});

const ANSWERS_WITHIN: Duration = 15 * SECOND;
const MAX_ANSWER_BYTES = 2_000_000;

const answerSchema = z.array(
  z.object({
    fingerprint: z.string().max(100),
    startsAt: z.iso.datetime({ offset: true }),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
);

async function read(
  opened: Settings,
  context: AdapterContext,
  change: { service: string; environment: string },
  signal: AbortSignal | undefined,
): Promise<{ alerts: FiredAlert[] }> {
  const url = new URL(`${opened.url.replace(/\/+$/, '')}/api/v2/alerts`);
  for (const [name, value] of [
    ['active', 'true'],
    ['silenced', 'false'],
    ['inhibited', 'false'],
    ['unprocessed', 'false'],
  ] as const)
    url.searchParams.set(name, value);
  const { service, environment } = change;
  for (const matcher of opened.match)
    url.searchParams.append('filter', fillIn(matcher, { service, environment }));
  const answer = answerSchema.safeParse(await asked(url, headersOf(opened, context), signal));
  if (!answer.success) throw new SignalError('what answers there is not Alertmanager');
  return { alerts: answer.data.map(alertOf) };
}

function alertOf({
  fingerprint,
  startsAt,
  labels,
  annotations,
}: z.output<typeof answerSchema>[number]): FiredAlert {
  const says = annotations.summary ?? annotations.description;
  return {
    id: fingerprint,
    name: labels.alertname ?? 'an alert',
    critical: isCritical(labels.severity),
    at: Date.parse(startsAt),
    ...defined({ says: given(says, (says) => says.slice(0, 300)) }),
  };
}

function headersOf({ bearer, basic }: Settings, { secret }: AdapterContext): Record<string, string> {
  if (bearer !== undefined) return { authorization: `Bearer ${secret(bearer)}` };
  if (basic === undefined) return {};
  const pair = Buffer.from(`${basic.user}:${secret(basic.password)}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

/** Redirects are not followed: the credentials are for this address alone. */
async function asked(
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const late = AbortSignal.timeout(ANSWERS_WITHIN);
  try {
    const { statusCode, body } = await request(url, {
      headers,
      signal: signal === undefined ? late : AbortSignal.any([late, signal]),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      const piece = Buffer.from(chunk as Uint8Array);
      size += piece.length;
      if (size > MAX_ANSWER_BYTES) throw new SignalError('Alertmanager answers more than 2 MB: narrow match');
      chunks.push(piece);
    }
    if (statusCode !== 200) throw new SignalError(`Alertmanager answers ${statusCode}`);
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch (error) {
    if (error instanceof SignalError) throw error;
    if (error instanceof SyntaxError)
      throw new SignalError('what answers there is not Alertmanager', { cause: error });
    const why = late.aborted
      ? `no answer within ${ANSWERS_WITHIN / SECOND} s`
      : ((error as NodeJS.ErrnoException).code ?? messageOf(error));
    throw new SignalError(`Alertmanager cannot be reached: ${why}`, { cause: error });
  }
}
