/** Artifact rules by table: versions, tags, what an artifact says as gates, and what a second offer does. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Artifact,
  isDigest,
  isFullSha,
  isTagOf,
  offer,
  reportsFromArtifact,
} from '../../src/policy/artifacts.ts';
import { isTagged } from '../../src/terms/version-pattern.ts';

const SHA = '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d';
const BARE: Artifact = {
  service: 'checkout',
  version: 'v2.1.0',
  sha: SHA,
  digest: `sha256:${'b'.repeat(64)}`,
  at: 1_000,
  by: 'github',
};
const FULL: Artifact = {
  ...BARE,
  tag: 'v2.1.0-1a2b3c4',
  tree: 'd'.repeat(40),
  checksumVerified: true,
  signature: { verified: true, by: 'release@example.org' },
  findings: { critical: 0, high: 0, medium: 2, low: 9 },
  configuration: { schemaValidated: true, secretsFound: 0, separate: true },
  url: 'https://ci.example/runs/7',
};

describe('GT-3: a semantic version', () => {
  it.each([
    'v0.0.0',
    'v2.1.0',
    'v10.20.30',
    'v2.1.0-rc.1',
    'v2.1.0-0a',
    'v2.1.0--',
    'v1.2.3-x-y.4+build.007',
  ])('is %s', (version) => expect(isTagged(version)).toBe(true));
  it.each([
    '2.1.0',
    'V2.1.0',
    'v2.1',
    'v2.1.0.1',
    'v02.1.0',
    'v2.1.0-',
    'v2.1.0-01',
    'v2.1.0-a..b',
    'v2.1.0+',
    ' v2.1.0',
    'v2.1.0\n',
    '',
  ])('is not %j', (version) => expect(isTagged(version)).toBe(false));
});

describe('GT-3: an image tag', () => {
  it.each([
    ['v2.1.0', 'v2.1.0-1a2b3c4'],
    ['v2.1.0', 'v2.1.0-1a2b3c4d5e6f'],
    ['v2.1.0-rc.1', 'v2.1.0-rc.1-1a2b3c4'],
    ['v2.1.0+build.5', 'v2.1.0-1a2b3c4'],
  ])('of %s is %s', (version, tag) => expect(isTagOf(tag, { version, sha: SHA })).toBe(true));

  it.each([
    ['v2.1.0', 'v2.1.0', 'it names no commit'],
    ['v2.1.0', 'v2.1.0-1a2b3c', 'six digits are too few'],
    ['v2.1.0', 'v2.1.0-1a2b3c4d5e6f7', 'thirteen are too many'],
    ['v2.1.0', 'v2.1.0-0a2b3c4', 'it is another commit'],
    ['v2.1.0', 'v2.1.0-1A2B3C4', 'capitals are no short sha'],
    ['v2.1.0', 'v2.1.1-1a2b3c4', 'it is another version'],
    ['v2.1.0-rc.1', 'v2.1.0-1a2b3c4', 'it leaves the pre-release out'],
    ['latest', 'latest-1a2b3c4', 'the version is none'],
  ])('of %s is not %s: %s', (version, tag) => expect(isTagOf(tag, { version, sha: SHA })).toBe(false));
});

it('GT-3: a commit has 40 or 64 digits, a digest 64 after its algorithm', () => {
  expect([40, 64, 39, 41, 7].map((length) => isFullSha('a'.repeat(length)))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(isFullSha('A'.repeat(40))).toBe(false);
  expect(isDigest(`sha256:${'a'.repeat(64)}`)).toBe(true);
  expect(isDigest('a'.repeat(64))).toBe(false);
  expect(isDigest(`sha512:${'a'.repeat(64)}`)).toBe(false);
  expect(isDigest(`sha256:${'a'.repeat(63)}`)).toBe(false);
});

const verdicts = (artifact: Artifact): Record<string, string> =>
  Object.fromEntries(reportsFromArtifact(artifact).map(({ gate, status }) => [gate, status]));

describe('An artifact as gates', () => {
  it('GT-3: says what it was told and nothing else', () => {
    expect(verdicts(BARE)).toEqual({ artifact_version: 'passed' });
    expect(verdicts(FULL)).toEqual({
      artifact_version: 'passed',
      artifact_tag: 'passed',
      artifact_checksum: 'passed',
      artifact_signature: 'passed',
      artifact_scan: 'passed',
      configuration: 'passed',
    });
    for (const report of reportsFromArtifact(FULL)) {
      expect(report).toMatchObject({ sha: SHA, at: 1_000, by: 'github', url: FULL.url });
    }
  });

  it.each<[string, Partial<Artifact>]>([
    ['artifact_version', { version: '2.1' }],
    ['artifact_tag', { tag: 'latest' }],
    ['artifact_checksum', { checksumVerified: false }],
    ['artifact_signature', { signature: { verified: false } }],
    ['artifact_scan', { findings: { critical: 0, high: 1, medium: 0, low: 0 } }],
    ['artifact_scan', { findings: { critical: 1, high: 0, medium: 0, low: 0 } }],
    ['configuration', { configuration: { schemaValidated: false, secretsFound: 0, separate: true } }],
    ['configuration', { configuration: { schemaValidated: true, secretsFound: 1, separate: true } }],
    ['configuration', { configuration: { schemaValidated: true, secretsFound: 0, separate: false } }],
  ])('GT-3, GT-4: fails %s with %j', (gate, fact) => {
    expect(verdicts({ ...FULL, ...fact })[gate]).toBe('failed');
  });

  it.each([
    ['checkout@2.1.0', 'checkout@{semver}', '2.1.0-1a2b3c4'],
    ['checkout/v2.1.0+7', 'checkout/v{semver}', 'v2.1.0-1a2b3c4'],
    ['2026.11.27', '{date}', '2026.11.27-1a2b3c4'],
    ['1a2b3c4', '{sha}', '1a2b3c4'],
    [SHA, '{sha}', SHA],
  ])('GT-3: %s is a version where its team tags so, and its image tag is %s', (version, pattern, tag) => {
    const tagged = { ...BARE, version, tag };
    const verdict = (patterns?: string[]) =>
      reportsFromArtifact(tagged, patterns).map(({ gate, status }) => [gate, status]);
    expect(verdict([pattern])).toEqual([
      ['artifact_version', 'passed'],
      ['artifact_tag', 'passed'],
    ]);
    expect(verdict()).toEqual([
      ['artifact_version', 'failed'],
      ['artifact_tag', 'failed'],
    ]);
    const other = reportsFromArtifact({ ...tagged, tag: 'latest' }, [pattern]);
    expect(other.map(({ status }) => status)).toEqual(['passed', 'failed']);
  });

  it('GT-3: a scan brings its findings, for the policy to judge', () => {
    expect(reportsFromArtifact(FULL).find(({ gate }) => gate === 'artifact_scan')?.findings).toEqual(
      FULL.findings,
    );
  });
});

describe('A second offer', () => {
  it('GT-3: of the same facts changes nothing, whoever says it and when', () => {
    expect(offer(FULL, { ...FULL, at: 9, by: 'jenkins' })).toEqual({ kind: 'same' });
    expect(offer(FULL, BARE)).toEqual({ kind: 'same' });
  });

  it.each<[string, Partial<Artifact>]>([
    ['digest', { digest: `sha256:${'c'.repeat(64)}` }],
    ['sha', { sha: 'f'.repeat(40) }],
    ['tag', { tag: 'v2.1.0-1a2b3c4d' }],
    ['tree', { tree: 'e'.repeat(40) }],
    ['checksum_verified', { checksumVerified: false }],
    ['signature.verified', { signature: { verified: false } }],
    ['signature.by', { signature: { verified: true, by: 'mallory' } }],
    ['scan.high', { findings: { critical: 0, high: 1, medium: 2, low: 9 } }],
    [
      'configuration.separate',
      { configuration: { schemaValidated: true, secretsFound: 0, separate: false } },
    ],
  ])('GT-3: of another %s is refused', (fact, change) => {
    expect(offer(FULL, { ...FULL, ...change })).toEqual({ kind: 'refused', differs: [fact] });
  });

  it('GT-3: adds what was missing, as reports of its own time, and keeps who registered it', () => {
    const later = { ...BARE, checksumVerified: true, at: 5_000, by: 'jenkins' };
    expect(offer(BARE, later)).toEqual({
      kind: 'completed',
      artifact: { ...BARE, checksumVerified: true },
      reports: [
        {
          gate: 'artifact_checksum',
          status: 'passed',
          sha: SHA,
          digest: BARE.digest,
          at: 5_000,
          by: 'jenkins',
        },
      ],
    });
  });

  it('GT-3: says whose signature it is where that was missing, and the gate stays as it was', () => {
    const unnamed = { ...BARE, signature: { verified: true } };
    const named = { ...BARE, signature: { verified: true, by: 'cosign' } };
    expect(offer(unnamed, named)).toMatchObject({ kind: 'completed', artifact: named, reports: [] });
    expect(offer(named, unnamed)).toEqual({ kind: 'same' });
  });

  it('GT-3: in any order of parts comes to the same artifact', () => {
    const { tag, tree, checksumVerified, signature, findings, configuration } = FULL;
    const parts: Partial<Artifact>[] = [
      { tag: tag ?? '' },
      { tree: tree ?? '' },
      { checksumVerified: checksumVerified ?? false },
      ...(signature ? [{ signature }] : []),
      ...(findings ? [{ findings }] : []),
      ...(configuration ? [{ configuration }] : []),
    ];
    expect(parts).toHaveLength(6);
    const { url: _, ...whole } = FULL;
    fc.assert(
      fc.property(fc.shuffledSubarray(parts, { minLength: 6 }), (order) => {
        let artifact = BARE;
        for (const part of order) {
          const offered = offer(artifact, { ...BARE, ...part });
          if (offered.kind !== 'completed') throw new Error(offered.kind);
          artifact = offered.artifact;
        }
        expect(artifact).toEqual(whole);
      }),
    );
  });
});
