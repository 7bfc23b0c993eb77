/**
 * docs/backends/webhook.openapi.json: the contract of the kind `webhook`, made of the schemas that GoNoGo checks with.
 * `node --import tsx scripts/webhook-contract.ts` writes it, and Biome formats it; a test looks whether it is fresh.
 */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SIGNED_HEADERS } from '../src/adapters/signed-call.ts';
import {
  accepted,
  applyBody,
  observationAnswer,
  rollbackBody,
  targetBody,
  versionsAnswer,
} from '../src/backends/webhook/contract.ts';
import { metricsAnswer, metricsBody } from '../src/metrics/webhook/contract.ts';
import { notifyBody } from '../src/notifiers/webhook/contract.ts';

export const CONTRACT = fileURLToPath(new URL('../docs/backends/webhook.openapi.json', import.meta.url));

const SIGNED =
  'v1= and, in lower-case hex, HMAC-SHA256 with the secret over "v1:" + timestamp + ":POST:" + path + ":" + raw body';

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): object => {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
};

interface Operation {
  summary: string;
  body: z.ZodType;
  answer: z.ZodType;
  answers: string;
  command?: true;
}

const OPERATIONS: Record<string, Operation> = {
  apply: {
    summary: 'Take a step.',
    body: applyBody,
    answer: accepted,
    answers: 'Accepted, now or before under the same key.',
    command: true,
  },
  rollback: {
    summary:
      'Give all traffic back to the old version, whatever is under way. It is never refused because of that.',
    body: rollbackBody,
    answer: accepted,
    answers: 'Accepted, now or before under the same key.',
    command: true,
  },
  observe: {
    summary: 'What is true now. Asked every few seconds during a rollout; changes nothing.',
    body: targetBody,
    answer: observationAnswer,
    answers: 'What is true now.',
  },
  versions: {
    summary: 'What can be deployed.',
    body: targetBody,
    answer: versionsAnswer,
    answers: 'The releases, in any order.',
  },
  metrics: {
    summary:
      'What both versions measured in one window of time. For a metric source; the same window answers the same.',
    body: metricsBody,
    answer: metricsAnswer,
    answers: 'The figures, or why there are none.',
  },
  notify: {
    summary:
      'Call people, say that somebody has it, or that it is over. For a notifier; what is over may never have been called for.',
    body: notifyBody,
    answer: accepted,
    answers: 'Taken, now or before under the same key.',
  },
};

const REFUSALS = {
  '401': 'The signature or the timestamp is not right.',
  '404': 'There is no such service or environment.',
  '422': 'It can never be done: an unknown version, another digest, a step that the server cannot take.',
  '429': 'Later; Retry-After says when.',
  '503': 'Not now: it is tried again with the same key.',
};

const problem = {
  type: 'object',
  properties: { title: { type: 'string' }, detail: { type: 'string', description: 'shown to people' } },
};

const header = (name: string, description: string, required = true): object => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
});

function operation(id: string, { summary, body, answer, answers, command }: Operation): object {
  const refusals = Object.entries(REFUSALS).map(([status, description]) => [
    status,
    { description, content: { 'application/problem+json': { schema: problem } } },
  ]);
  return {
    operationId: id,
    summary,
    parameters: [
      header(SIGNED_HEADERS.timestamp, 'Unix seconds; refuse what is more than five minutes off'),
      header(SIGNED_HEADERS.signature, SIGNED),
      ...(command === undefined
        ? []
        : [header('idempotency-key', 'the same as `key` in the body, which is signed')]),
    ],
    requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    responses: {
      '200': { description: answers, content: { 'application/json': { schema: schemaOf(answer, 'input') } } },
      ...Object.fromEntries(refusals),
    },
  };
}

export function webhookContract(): string {
  const paths = Object.entries(OPERATIONS).map(([id, one]) => [`/${id}`, { post: operation(id, one) }]);
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'GoNoGo webhook',
      version: '1',
      description:
        'What a server answers that GoNoGo drives or asks. A backend answers apply, rollback, observe and versions; a metric source answers metrics, a notifier notify. docs/backends/webhook.md leads through it.',
    },
    paths: Object.fromEntries(paths),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(CONTRACT, webhookContract());
