import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { CONTRACT, webhookContract } from '../../scripts/webhook-contract.ts';

interface Operation {
  operationId: string;
  requestBody: { content: Record<string, { schema: object }> };
  responses: Record<string, { content: Record<string, { schema: object }> }>;
}

const contract = JSON.parse(readFileSync(CONTRACT, 'utf8')) as {
  paths: Record<string, { post: Operation }>;
};

const fits = (schema: object | undefined, data: unknown): boolean => {
  const ajv = new Ajv2020({ strict: true });
  addFormats.default(ajv);
  return ajv.validate(schema ?? false, data);
};

const bodyOf = (path: string): object | undefined =>
  contract.paths[path]?.post.requestBody.content['application/json']?.schema;
const answerOf = (path: string): object | undefined =>
  contract.paths[path]?.post.responses['200']?.content['application/json']?.schema;

const change = {
  service: 'checkout',
  environment: 'production',
  version: 'v2.1.0',
  sha: '1'.repeat(40),
  digest: `sha256:${'2'.repeat(64)}`,
  previous: null,
};

describe('docs/backends/webhook.openapi.json', () => {
  it('is what the code checks with (node --import tsx scripts/webhook-contract.ts writes it)', () => {
    expect(contract).toEqual(JSON.parse(webhookContract()));
  });

  it('K-9: has a schema for every body and every answer, and each can tell right from wrong', () => {
    expect(Object.keys(contract.paths)).toEqual([
      '/apply',
      '/rollback',
      '/observe',
      '/versions',
      '/metrics',
      '/notify',
    ]);
    const step = { kind: 'set-weight', percent: 5 };
    const command = { key: 'a', deployment: 'D-7', sequence: 9, change };
    expect(fits(bodyOf('/apply'), { ...command, step })).toBe(true);
    const missing = Object.keys(command).map((name) => ({ ...command, [name]: undefined, step }));
    for (const body of missing) expect(fits(bodyOf('/apply'), JSON.parse(JSON.stringify(body)))).toBe(false);
    expect(fits(bodyOf('/rollback'), { ...command, to: null })).toBe(true);
    const seen = { stable: 'v2.0.4', canary: null, weight: 0, health: 'passing' };
    expect(fits(answerOf('/observe'), seen)).toBe(true);
    expect(fits(answerOf('/observe'), { ...seen, weight: 101 })).toBe(false);
    expect(fits(answerOf('/metrics'), { no_data: 'nobody came' })).toBe(true);
    expect(fits(answerOf('/metrics'), {})).toBe(false);
    const notice = {
      tells: 'trigger',
      key: 'gonogo/checkout/production/D-1/9',
      at: '2026-01-05T12:00:00.000Z',
      summary: 'held',
      severity: 'error',
      about: 'held',
      deployment: 'D-1',
      service: 'checkout',
      environment: 'production',
      version: 'v2.1.0',
      previous: null,
      lead: 'Dana',
      on_call: 'Omar',
    };
    expect(fits(bodyOf('/notify'), notice)).toBe(true);
    expect(fits(bodyOf('/notify'), { ...notice, tells: 'shout' })).toBe(false);
  });
});
