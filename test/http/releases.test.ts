/** CI registers artifacts over the wire: once, completed later, and never with another build. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiStage, ARTIFACT, DIGEST, SHA, startApi } from './api-stage.ts';

let stage: ApiStage;
beforeEach(async () => {
  stage = await startApi();
});
afterEach(() => stage.close());

const FULL = {
  ...ARTIFACT,
  tag: 'v2.1.0-1a2b3c4',
  tree: 'd'.repeat(40),
  checksum_verified: true,
  signature: { verified: true, by: 'release@example.org' },
  scan: { critical: 0, high: 0, medium: 2, low: 9 },
  configuration: { schema_validated: true, secrets_found: 0, separate: true },
  url: 'https://ci.example/runs/7',
  at: '2026-01-05T11:00:00+01:00',
};
const OTHER = `sha256:${'c'.repeat(64)}`;

it('GT-3: is registered, and says at once what its facts mean', async () => {
  const { status, body } = await stage.release(FULL);
  expect(status).toBe(201);
  const release = { ...FULL, at: '2026-01-05T10:00:00.000Z', by: 'github' };
  expect(body).toMatchObject({ result: 'created', release });
  const gates = body.gates.map(({ gate, status, verdict }) => [gate, status, verdict]);
  expect(gates).toEqual([
    ['artifact_checksum', 'passed', null],
    ['artifact_scan', 'passed', null],
    ['artifact_signature', 'passed', null],
    ['artifact_tag', 'passed', 'passed'],
    ['artifact_version', 'passed', null],
    ['configuration', 'passed', null],
  ]);
  expect((await stage.known('v2.1.0')).body).toMatchObject({ release, gates: body.gates, refusals: [] });
});

it('GT-3: sent again is the same', async () => {
  await stage.release(ARTIFACT);
  const before = stage.reported();
  expect(await stage.release(ARTIFACT)).toMatchObject({ status: 200, body: { result: 'same' } });
  expect(stage.reported()).toBe(before);
});

it('GT-3: is completed by what was missing, by another key as well', async () => {
  await stage.release(ARTIFACT);
  const more = { ...ARTIFACT, checksum_verified: true, tag: 'latest' };
  const { status, body } = await stage.release(more, {
    key: 'jenkins',
    secret: 'jenkins-secret-of-more-than-32-characters',
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ result: 'completed', release: { checksum_verified: true, by: 'github' } });
  expect(body.gates).toMatchObject([
    { gate: 'artifact_checksum', status: 'passed', by: 'jenkins' },
    { gate: 'artifact_tag', verdict: 'failed' },
    { gate: 'artifact_version', by: 'github' },
  ]);
});

it('GT-3: with another digest is refused, both are named, and people are told once', async () => {
  await stage.release(ARTIFACT);
  const { status, body } = await stage.release({ ...ARTIFACT, digest: OTHER });
  expect(status).toBe(409);
  expect(body).toMatchObject({
    type: 'urn:gonogo:problem:another_build',
    detail: `checkout v2.1.0 was registered before with another digest. It has ${DIGEST}, and this is ${OTHER}: a version is never built twice. Give the new build a new version.`,
    registered: { digest: DIGEST },
    offered: { digest: OTHER, sha: SHA },
    differs: ['digest'],
  });
  expect((await stage.release({ ...ARTIFACT, digest: OTHER })).status).toBe(409);
  expect(stage.refusals).toMatchObject([{ digest: OTHER, by: 'github', differs: ['digest'] }]);
  const known = await stage.known('v2.1.0');
  expect(known.body).toMatchObject({
    release: { digest: DIGEST },
    refusals: [{ digest: OTHER, at: '2026-01-05T10:00:00.000Z' }],
  });
});

it('GT-3: with another commit, or the opposite of what was said, is refused', async () => {
  await stage.release(FULL);
  const commit = await stage.release({ ...FULL, sha: 'e'.repeat(40) });
  expect([commit.status, commit.body.differs]).toEqual([409, ['sha']]);
  const unsigned = await stage.release({ ...FULL, signature: { verified: false } });
  expect([unsigned.status, unsigned.body.differs]).toEqual([409, ['signature.verified']]);
  expect(stage.refusals).toHaveLength(2);
});

it('GT-3: is refused to the caller even where nobody could be told, and the log says so', async () => {
  await stage.close();
  stage = await startApi({
    onArtifactRefused: () => Promise.reject(new Error('Slack is away')),
  });
  await stage.release(ARTIFACT);
  expect((await stage.release({ ...ARTIFACT, digest: OTHER })).status).toBe(409);
  expect(stage.logged.join('')).toContain('nobody was told about the refused artifact');
});

it.each<[object, string, string]>([
  [{ digest: 'b'.repeat(64) }, '/digest', 'must be sha256: and 64 lower-case hexadecimal digits'],
  [{ sha: SHA.slice(0, 12) }, '/sha', 'must be a full git commit: 40 or 64 lower-case hexadecimal digits'],
  [{ sha: undefined }, '/sha', 'is missing'],
  [{ scan: { critical: 0 } }, '/scan/high', 'is missing'],
  [{ signature: { verified: 'yes' } }, '/signature/verified', 'must be true or false'],
  [
    { configuration: { schema_validated: true, secrets_found: 0, separate: true, extra: 1 } },
    '/configuration/extra',
    'is not a field that is known here',
  ],
])('GT-3, GT-4: %j is refused at its field', async (change, path, message) => {
  const { status, body } = await stage.release({ ...ARTIFACT, ...change });
  expect(status).toBe(422);
  expect(body.errors).toContainEqual({ path, message });
});

it('GT-3: a version that is no semantic one is registered, and fails its gate', async () => {
  const { status, body } = await stage.release({ ...ARTIFACT, version: '2.1' });
  expect([status, body.gates[0]]).toMatchObject([201, { gate: 'artifact_version', status: 'failed' }]);
});

it('GT-3: a service that the policy does not have registers nothing', async () => {
  const { status } = await stage.release({ ...ARTIFACT, service: 'basket' });
  expect(status).toBe(404);
  expect(await stage.stores.releases.artifact({ ...ARTIFACT, service: 'basket' })).toBeUndefined();
});

it('GT-3: a version is judged as its team tags, and anew where the policy changed since', async () => {
  let patterns: string[] | undefined;
  const own = await startApi({ versionPatternsOf: () => patterns });
  try {
    const body = { ...ARTIFACT, version: 'checkout/v2.1.0', tag: 'v2.1.0-1a2b3c4' };
    const judged = async () => {
      const answer = await own.release(body);
      const known = await own.known(encodeURIComponent(body.version));
      const counting = known.body.gates.filter(({ counts }) => counts);
      return [answer.body.result, counting.map(({ gate, status }) => `${gate} ${status}`), own.reported()];
    };
    expect(await judged()).toEqual(['created', ['artifact_tag failed', 'artifact_version failed'], 1]);
    patterns = ['checkout/v{semver}'];
    own.clock.advance(1_000);
    own.wallClock.advance(1_000);
    expect(await judged()).toEqual(['same', ['artifact_tag passed', 'artifact_version passed'], 2]);
    own.wallClock.advance(1_000);
    expect(await judged()).toEqual(['same', ['artifact_tag passed', 'artifact_version passed'], 2]);
  } finally {
    await own.close();
  }
});
