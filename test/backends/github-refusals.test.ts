import { describe, expect } from 'vitest';
import { waitIn } from '../../src/adapters/retry-after.ts';
import { SECOND } from '../../src/time.ts';
import { AS_APP, CHANGE, DISPATCH, it, REPLACE } from './github-rig.ts';
import { digestOf } from './github-state.ts';

describe('what GitHub refuses', () => {
  const refused = (status: number, message: string, headers: Record<string, string> = {}) => ({
    match: DISPATCH,
    status,
    headers,
    body: { message },
  });

  it.for([
    [refused(401, 'Bad credentials'), true, 'does not take the credentials (401): Bad credentials'],
    [
      refused(403, 'Resource not accessible by integration', {
        'x-accepted-github-permissions': 'actions=write',
      }),
      true,
      'Resource not accessible by integration; it needs the permission actions: write',
    ],
    [
      refused(404, 'Not Found'),
      true,
      'dispatches (404): the name is wrong, or the credentials may not see it',
    ],
    [refused(409, 'Conflict'), false, 'refused it (409): Conflict'],
    [refused(422, 'Workflow does not have workflow_dispatch trigger'), true, '(422): Workflow does not have'],
    [refused(429, 'Too many', { 'retry-after': '40' }), false, 'asks to wait 40 s', 40 * SECOND],
    [
      refused(403, 'You have exceeded a secondary rate limit', { 'retry-after': '30' }),
      false,
      'asks to wait 30 s',
      30 * SECOND,
    ],
    [
      refused(403, 'API rate limit exceeded', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '1767618000',
      }),
      false,
      'until 2026-01-05T13:00:00.000Z',
    ],
    [refused(503, 'Unavailable'), false, 'GitHub failed (503): Unavailable'],
  ] as const)(
    'K-9: %o means something definite',
    async ([fault, final, words, wait], { stage: { github, backend } }) => {
      github.fault(fault);
      const told = backend.apply(CHANGE, REPLACE, 'a');
      await expect(told).rejects.toMatchObject({ final, message: expect.stringContaining(words) });
      expect(waitIn(await told.catch((error: unknown) => error))).toBe(wait);
      expect(github.runs).toHaveLength(0);
    },
  );

  it('K-9: works with the same key once the reason is gone', async ({ stage: { github, backend } }) => {
    github.fault({ ...refused(403, 'no', {}), times: 1 });
    await expect(backend.apply(CHANGE, REPLACE, 'a')).rejects.toMatchObject({ final: true });
    await backend.apply(CHANGE, REPLACE, 'a');
    expect(github.runs).toHaveLength(1);
  });

  it('RB-1: a rollback that lacks a permission goes on being tried', async ({
    stage: { github, backend },
  }) => {
    github.fault({ ...refused(403, 'Resource not accessible by integration'), times: 1 });
    await expect(backend.rollback(CHANGE, 'v2.0.4', 'back')).rejects.toMatchObject({ final: false });
    await backend.rollback(CHANGE, 'v2.0.4', 'back');
    expect(github.runs[0]?.inputs.step).toBe('rollback');
  });

  it('names the inputs that the workflow does not declare', async ({ stage: { github, backend } }) => {
    github.inputs.delete('gonogo_key');
    await expect(backend.apply(CHANGE, REPLACE, 'a')).rejects.toThrow(
      'Unexpected inputs provided: ["gonogo_key"]',
    );
  });

  it('RB-1: what cannot be written for people to see does not keep a rollback from being seen', async ({
    stage: { github, backend },
  }) => {
    github.fault({ match: /^POST .*\/deployments/, status: 403, body: { message: 'no' } });
    await backend.apply(CHANGE, REPLACE, 'a');
    github.goOn();
    expect((await backend.observe(CHANGE)).stable).toBe('v2.1.0');
    await backend.rollback(CHANGE, 'v2.0.4', 'back');
    github.goOn();
    expect(await backend.observe(CHANGE)).toMatchObject({ stable: 'v2.0.4', health: 'passing' });
  });

  it('EC-1: another build under the signed name is not dispatched', async ({
    stage: { github, backend },
  }) => {
    await expect(backend.apply({ ...CHANGE, digest: digestOf('other') }, REPLACE, 'a')).rejects.toMatchObject(
      {
        final: true,
        message: expect.stringContaining('was signed'),
      },
    );
    expect(github.runs).toHaveLength(0);
  });
});

describe('as a GitHub App', () => {
  it('K-9: acts by tokens of its installation, which it asks for with its key', async ({
    stage: { github, open },
  }) => {
    const backend = open({ top: AS_APP });
    await backend.apply(CHANGE, REPLACE, 'a');
    github.goOn();
    expect((await backend.observe(CHANGE)).stable).toBe('v2.1.0');
    expect(github.asked.filter(({ what }) => what.includes('access_tokens'))).toHaveLength(1);
    expect(github.asked.filter(({ status }) => status >= 400)).toEqual([]);
    expect((await backend.check?.(CHANGE))?.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('doctor: says which permissions its installation lacks, by their names', async ({
    stage: { github, open },
  }) => {
    github.permissions = { actions: 'read', metadata: 'read', contents: 'write' };
    const [letIn] = (await open({ top: AS_APP }).check?.(CHANGE)) ?? [];
    expect(letIn).toMatchObject({ ok: false, problem: 'the App lacks actions: write, deployments: write' });
  });
});
