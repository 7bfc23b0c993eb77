/** A pipeline reports smoke tests of what is deployed: what is handed on, and what it is told. */

import { afterEach, describe, expect, it } from 'vitest';
import type { SmokeReported, SmokeReporting } from '../../src/http/api/options.ts';
import { type ApiStage, KEYS, SECRET, startApi } from './api-stage.ts';

let stage: ApiStage;
afterEach(() => stage.close());

const BODY = {
  service: 'checkout',
  environment: 'production',
  version: 'v2.1.0',
  results: [{ test: 'flow', outcome: 'failed', took_ms: 812, problem: 'the basket stays empty' }],
};

async function open(answer: SmokeReported, keys = KEYS) {
  const told: Parameters<SmokeReporting>[] = [];
  stage = await startApi({
    keys,
    reportSmoke: async (...said) => {
      told.push(said);
      return answer;
    },
  });
  return { told, send: (body: object) => stage.send(body, { path: '/api/v1/smoke' }) };
}

const TAKEN: SmokeReported = {
  kind: 'taken',
  deployment: 'D-1001',
  asked: ['flow', 'db'],
  waitingFor: ['db'],
};

describe('SM-1: smoke tests that a pipeline reports', () => {
  it('are handed on under the name of its key, which hears what is still waited for', async () => {
    const { told, send } = await open(TAKEN);
    const { status, body } = await send(BODY);
    expect({ status, body }).toEqual({
      status: 200,
      body: { deployment: 'D-1001', waiting_for: ['db'], verdict: null },
    });
    const of = { service: 'checkout', environment: 'production', version: 'v2.1.0' };
    const result = { test: 'flow', outcome: 'failed', took: 812, problem: 'the basket stays empty' };
    expect(told).toEqual([[of, [result], 'github']]);
  });

  it('that nobody asks for are named', async () => {
    const { send } = await open(TAKEN);
    const { status, body } = await send({ ...BODY, results: [{ test: 'flwo', outcome: 'passed' }] });
    expect(status).toBe(422);
    expect(body.errors[0]?.message).toContain('Did you mean flow?');
  });

  it.each<[SmokeReported, string]>([
    [{ kind: 'nothing_there' }, 'No deployment of checkout v2.1.0 in production is on its way or watched.'],
    [
      { kind: 'not_asked', message: 'They are asked for when it is there.' },
      'They are asked for when it is there.',
    ],
  ])('are refused where nobody waits for them: %j', async (answer, detail) => {
    const { send } = await open(answer);
    expect(await send(BODY)).toMatchObject({
      status: 409,
      body: { type: 'urn:gonogo:problem:not_asked', detail },
    });
  });

  it('are not for every key, nor for a problem of several lines', async () => {
    const { told, send } = await open(
      TAKEN,
      new Map([['github', { secret: SECRET, services: ['*'], gates: ['build'] }]]),
    );
    expect((await send(BODY)).status).toBe(403);
    expect(
      (await send({ ...BODY, results: [{ test: 'flow', outcome: 'failed', problem: 'a\nb' }] })).status,
    ).toBe(422);
    expect(told).toEqual([]);
  });
});
