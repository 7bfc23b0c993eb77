/** CI reports gates over the wire: what is taken, what is refused and in which words, and what is known afterwards. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { dueAt } from '../db/due.ts';
import { requestOf } from '../db/examples.ts';
import { type ApiStage, ARTIFACT, BUILD, DIGEST, SHA, startApi } from './api-stage.ts';

let stage: ApiStage;
beforeEach(async () => {
  stage = await startApi();
  await stage.release(ARTIFACT);
});
afterEach(() => stage.close());

const UNIT = { ...BUILD, gate: 'unit_tests', tests: { passed: 412, failed: 0, skipped: 3 } };

describe('A gate', () => {
  it('GT-1: is taken, judged by the policy, and stands in what is known of the release', async () => {
    const url = 'https://ci.example/runs/7';
    const answer = await stage.gate({ ...UNIT, url, at: '2026-01-05T10:30:00+01:00' });
    expect(answer.status).toBe(201);
    const gate = {
      gate: 'unit_tests',
      name: 'unit tests',
      status: 'passed',
      tests: { passed: 412, failed: 0, skipped: 3 },
      url,
      verdict: 'passed',
      says: '100 % of 412 tests',
      counts: true,
      counts_until: null,
      at: '2026-01-05T09:30:00.000Z',
      by: 'github',
    };
    expect(answer.body).toEqual({ result: 'new', service: 'checkout', version: 'v2.1.0', gate });
    const known = await stage.known('v2.1.0');
    expect(known.status).toBe(200);
    expect(known.body.gates).toContainEqual(gate);
    expect(known.body.missing.map(({ gate }) => gate)).toEqual([
      'build',
      'coverage',
      'security_scan',
      'staging_data',
      'artifact_tag',
    ]);
  });

  it("GT-1: goes by its figure and not by the reporter's word", async () => {
    const { body } = await stage.gate({ ...UNIT, tests: { passed: 999, failed: 1, skipped: 0 } });
    expect(body.gate).toMatchObject({
      status: 'passed',
      verdict: 'failed',
      says: '99.9 % of 1000 tests, at least 100 %',
    });
  });

  it.each<[string, object, string, string]>([
    ['coverage', { percent: 79.96 }, 'failed', '79.9 %, at least 80 %'],
    ['coverage', { percent: 80 }, 'passed', '80 %, at least 80 %'],
    [
      'security_scan',
      { findings: { critical: 0, high: 1, medium: 0, low: 0 } },
      'failed',
      '0 critical, 1 high',
    ],
  ])('GT-1, GT-2: %s with %j → %s', async (gate, figures, verdict, says) => {
    const { status, body } = await stage.gate({ ...BUILD, gate, ...figures });
    expect(status).toBe(201);
    expect(body.gate).toMatchObject({ verdict, says });
  });

  it('GT-1: wakes the deployments of the release, and whoever wakes them is told', async () => {
    const before = stage.reported();
    await stage.stores.events.commit(requestOf('D-1', { wakeAt: stage.clock.now() + HOUR }));
    await stage.gate(UNIT);
    expect(await dueAt(stage.stores.events, stage.clock.now())).toEqual(['D-1']);
    expect(stage.reported()).toBe(before + 1);
  });

  it('GT-1: sent again is the same, with its time or without it', async () => {
    const timed = { ...UNIT, at: '2026-01-05T09:30:00Z' };
    expect((await stage.gate(timed)).status).toBe(201);
    expect(await stage.gate(timed)).toMatchObject({ status: 200, body: { result: 'same' } });
    const before = stage.reported();
    expect((await stage.gate(BUILD)).status).toBe(201);
    stage.clock.advance(9 * MINUTE);
    expect(await stage.gate(BUILD)).toMatchObject({ status: 200, body: { result: 'same' } });
    expect(stage.reported()).toBe(before + 1);
  });

  it('GT-7: said again a week later is a new one, and counts for another week', async () => {
    const data = { ...BUILD, gate: 'staging_data' };
    const first = await stage.gate(data);
    expect(first.body.gate).toMatchObject({ counts: true, counts_until: '2026-01-12T10:00:00.000Z' });
    stage.clock.advance(7 * DAY);
    const of = async () =>
      (await stage.known('v2.1.0')).body.gates.find(({ gate }) => gate === 'staging_data');
    expect(await of()).toMatchObject({
      counts: false,
      says: 'it is too old: it counted until 2026-01-12T10:00:00.000Z',
    });
    expect((await stage.gate(data)).status).toBe(201);
    expect(await of()).toMatchObject({ counts: true, counts_until: '2026-01-19T10:00:00.000Z' });
  });

  it('GT-1: measured before the one that counts is kept, and does not count', async () => {
    await stage.gate({ ...UNIT, at: '2026-01-05T09:30:00Z' });
    const late = { ...UNIT, status: 'failed', at: '2026-01-05T09:00:00Z' };
    expect(await stage.gate(late)).toMatchObject({ status: 200, body: { result: 'older' } });
    const { gates } = (await stage.known('v2.1.0')).body;
    expect(gates.filter(({ gate }) => gate === 'unit_tests')).toMatchObject([
      { status: 'passed', at: '2026-01-05T09:30:00.000Z' },
    ]);
  });

  it('GT-1: of a clock that runs ahead hides no failure that is told after it', async () => {
    const ahead = { ...UNIT, at: new Date(stage.clock.now() + 4 * MINUTE).toISOString() };
    expect(await stage.gate(ahead)).toMatchObject({ status: 201, body: { gate: { verdict: 'passed' } } });
    stage.clock.advance(MINUTE);
    expect(await stage.gate(ahead)).toMatchObject({ status: 200, body: { result: 'same' } });
    await stage.gate({ ...UNIT, status: 'failed' });
    const { gates } = (await stage.known('v2.1.0')).body;
    expect(gates.filter(({ gate }) => gate === 'unit_tests')[0]).toMatchObject({
      verdict: 'failed',
      counts: true,
    });
  });

  it('GT-1: about another commit than the release is kept, and does not count', async () => {
    const other = 'f'.repeat(40);
    const { body } = await stage.gate({ ...BUILD, sha: other });
    expect(body.gate).toMatchObject({
      verdict: 'passed',
      counts: false,
      says: `it is about commit ${other}, and the release is of ${SHA}`,
    });
    await stage.gate({ ...BUILD, sha: SHA });
    const { gates } = (await stage.known('v2.1.0')).body;
    expect(gates.filter(({ gate }) => gate === 'build').map(({ counts }) => counts)).toEqual([true, false]);
  });

  it('GT-1, GT-3: about another artifact of the same commit is kept, and does not hide the one that counts', async () => {
    const other = `sha256:${'c'.repeat(64)}`;
    await stage.gate({ ...BUILD, sha: SHA, digest: DIGEST });
    stage.clock.advance(MINUTE);
    const { body } = await stage.gate({ ...BUILD, status: 'failed', sha: SHA, digest: other });
    expect(body.gate).toMatchObject({
      counts: false,
      says: `it is about the artifact ${other}, and the release is ${DIGEST}`,
    });
    const { gates } = (await stage.known('v2.1.0')).body;
    expect(gates.filter(({ counts }) => counts)).toMatchObject([
      { gate: 'artifact_version' },
      { gate: 'build', status: 'passed', digest: DIGEST },
    ]);
  });

  it('GT-1: that names no commit does not count beside a later one that does, and the answer says so', async () => {
    await stage.gate({ ...BUILD, sha: SHA, at: '2026-01-05T09:30:00Z' });
    const { body } = await stage.gate({ ...BUILD, status: 'failed', at: '2026-01-05T09:00:00Z' });
    expect(body.gate).toMatchObject({ counts: false, says: 'a later report of this gate counts' });
  });

  it('GT-1: of failed does not pass, whatever its figures', async () => {
    const tests = { passed: 412, failed: 0, skipped: 0 };
    const { body } = await stage.gate({ ...UNIT, status: 'failed', tests });
    expect(body.gate).toMatchObject({
      verdict: 'failed',
      says: 'reported as failed, with 100 % of 412 tests',
      counts: true,
    });
  });

  it('GT-1: about another commit than what the backend lists does not count', async () => {
    const { body } = await stage.gate({ ...BUILD, version: 'v2.0.0', sha: 'f'.repeat(40) });
    expect(body.gate).toMatchObject({ counts: false, says: expect.stringContaining(SHA) });
  });

  it.each([
    ['staging_deployed', 'GoNoGo answers it itself, from its own record: report the gates of your pipeline'],
    ...['artifact_version', 'artifact_tag', 'artifact_checksum'].map((gate) => [
      gate,
      'it is judged from the registered artifact itself: POST /api/v1/releases registers one',
    ]),
  ])('GT-3, GT-8: %s is for nobody to report', async (gate, why) => {
    const answer = await stage.gate({ ...BUILD, gate });
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/gate', message: `is not for anybody to report: ${why}` }] },
    });
    const claim = { ...BUILD, gate, status: 'passed' as const, at: stage.clock.now(), by: 'github' };
    await expect(stage.stores.releases.report(BUILD, claim, stage.clock.now())).rejects.toThrow(
      'not reported',
    );
  });

  it('GT-1: of a version that only the backend lists is taken', async () => {
    expect((await stage.gate({ ...BUILD, version: 'v2.0.0' })).status).toBe(201);
    expect((await stage.known('v2.0.0')).body).toMatchObject({ release: null, gates: [{ gate: 'build' }] });
  });
});

describe('A gate is refused', () => {
  const invalid = (path: string, message: unknown) => ({
    status: 422,
    body: { type: 'urn:gonogo:problem:invalid', status: 422, errors: [{ path, message }] },
  });

  it.each<[string, object, string, unknown]>([
    [
      'where the policy does not know it, with the one that was meant',
      { gate: 'unit_test' },
      '/gate',
      'is not known: unit_test. Did you mean unit_tests? For now the policy asks checkout for build, unit_tests, coverage, security_scan, staging_data, artifact_tag',
    ],
    [
      'without the tests that its rule counts',
      { gate: 'unit_tests' },
      '/tests',
      'is missing: the policy judges unit tests by how many tests passed: { "passed": …, "failed": …, "skipped": … }',
    ],
    [
      'without the share that its rule looks at',
      { gate: 'coverage' },
      '/percent',
      'is missing: the policy judges coverage of new code by a share in percent, 0 … 100',
    ],
    [
      'without the findings that its rule looks at',
      { gate: 'security_scan' },
      '/findings',
      expect.stringMatching(/^is missing: the policy judges security scan by findings/),
    ],
    ['with a status of its own', { status: 'ok' }, '/status', 'must be one of "passed", "failed"'],
    ['without a status', { status: undefined }, '/status', 'is missing'],
    [
      'with a count that is none',
      { tests: { passed: 1.5, failed: 0, skipped: 0 } },
      '/tests/passed',
      'must be a whole number',
    ],
    [
      'with a negative count',
      { tests: { passed: -1, failed: 0, skipped: 0 } },
      '/tests/passed',
      'must be at least 0',
    ],
    [
      'with half of the findings',
      { findings: { critical: 0, high: 0, medium: 0 } },
      '/findings/low',
      'is missing',
    ],
    ['with more than everything', { percent: 100.1 }, '/percent', 'must be at most 100'],
    ['with text for a number', { percent: '80' }, '/percent', 'must be a number'],
    [
      'with a short commit',
      { sha: '1a2b3c4' },
      '/sha',
      'must be a full git commit: 40 or 64 lower-case hexadecimal digits',
    ],
    [
      'with a time without an offset',
      { at: '2026-01-05T10:00:00' },
      '/at',
      expect.stringContaining('RFC 3339'),
    ],
    ['with a day that is none', { at: '2026-02-30T10:00:00Z' }, '/at', expect.stringContaining('RFC 3339')],
    [
      'with an address of another kind',
      { url: 'javascript:alert(1)' },
      '/url',
      'must be an http or https address',
    ],
    [
      'with a field that is not known',
      { percnt: 80 },
      '/percnt',
      'is not a field that is known here; did you mean percent?',
    ],
    ['with a version that is none', { version: '../v1' }, '/version', 'must be a version such as v2.1.0'],
  ])('GT-1: %s', async (_why, change, path, message) => {
    const answer = await stage.gate({ ...BUILD, ...change });
    expect(answer).toMatchObject(invalid(path, message));
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('GT-1: measured in the future, beyond what clocks are apart', async () => {
    const at = (ahead: number) => new Date(stage.clock.now() + ahead).toISOString();
    expect((await stage.gate({ ...BUILD, at: at(5 * MINUTE) })).status).toBe(201);
    expect(await stage.gate({ ...BUILD, at: at(5 * MINUTE + 1) })).toMatchObject(
      invalid('/at', 'is more than five minutes in the future: here it is 2026-01-05T10:00:00.000Z'),
    );
  });

  it('GT-1: of a service that the policy does not have, with those it has', async () => {
    const { status, body } = await stage.gate({ ...BUILD, service: 'chekout' });
    expect([status, body.type]).toEqual([404, 'urn:gonogo:problem:unknown_service']);
    expect(body.detail).toBe(
      'No service is called chekout. Did you mean checkout? The policy has checkout, search.',
    );
  });

  it('GT-1: of a release that nobody knows, with how to register it', async () => {
    const { status, body } = await stage.gate({ ...BUILD, version: 'v9.9.9' });
    expect([status, body.type]).toEqual([404, 'urn:gonogo:problem:unknown_release']);
    expect(body.detail).toBe('Nobody knows checkout v9.9.9 yet. POST /api/v1/releases registers it.');
    expect((await stage.known('v9.9.9')).body.type).toBe('urn:gonogo:problem:unknown_release');
  });

  it('GT-1: where the backend cannot be asked, with what to do', async () => {
    await stage.close();
    stage = await startApi({ knownRelease: async () => undefined });
    const { status, body, headers } = await stage.gate(BUILD);
    expect([status, body.type, headers.get('retry-after')]).toEqual([
      503,
      'urn:gonogo:problem:backend_silent',
      '60',
    ]);
    expect(body.detail).toContain('POST /api/v1/releases registers it');
  });
});
