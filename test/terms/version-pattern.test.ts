/** How teams tag their versions, and what is and is none. */

import { describe, expect, it } from 'vitest';
import { isTagged, isVersionPattern } from '../../src/terms/version-pattern.ts';

describe('K-1, GT-3: versions as teams tag them', () => {
  it.for([
    ['v{semver}', 'v2.1.0', 'v2.1.0-rc.1+build.7', 'v10.20.30-RC.1'],
    ['{semver}', '2.1.0', '2.1.0-beta', '0.0.1'],
    ['checkout@{semver}', 'checkout@2.1.0', 'checkout@2.1.0-rc.1+7'],
    ['checkout/v{semver}', 'checkout/v2.1.0'],
    ['{date}', '2026.11.27', '2026-11-27', '20261127', '2026.1.5'],
    ['{date}.{number}', '2026.11.27.3', '20261127.12'],
    ['{date}_{date}', '2026.11.27_2026-11-28'],
    ['release-{number}', 'release-42'],
    ['{sha}', '1a2b3c4', '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d'],
    ['build-{number}-{sha}', 'build-7-1a2b3c4'],
  ] as const)('%s: %s', ([pattern, ...versions]) => {
    expect(isVersionPattern(pattern)).toBe(true);
    for (const version of versions) expect(isTagged(version, [pattern]), version).toBe(true);
  });

  it.for([
    ['v{semver}', '2.1.0', 'V2.1.0', 'v2.1', 'v2.1.0 ', 'xv2.1.0'],
    ['checkout@{semver}', '2.1.0', 'checkout@v2.1.0', 'payments@2.1.0', 'checkoutx2.1.0'],
    ['{date}', '2026.13.01', '2026.11-27', '2026.11.32', '26.11.27', '2026.11.27.1'],
    ['{date}_{date}', '2026.11.27_2026.11-28'],
    ['{sha}', '1a2b3c', 'main', 'G'.repeat(40), '1A2B3C4'],
    ['release.{number}', 'release-42'],
    ['release-{number}', 'release-', 'release-x', 'release-4\n'],
  ] as const)('%s: not %s', ([pattern, ...versions]) => {
    for (const version of versions) expect(isTagged(version, [pattern]), version).toBe(false);
  });

  it('one of several ways is enough', () => {
    expect(isTagged('20261127', ['v{semver}', '{date}'])).toBe(true);
    expect(isTagged('20261127', [])).toBe(false);
  });

  it.for([
    '',
    'v2.1.0',
    '{version}',
    '{semver}|x',
    '(a+)+{number}',
    '{semver} ',
    '.*{sha}',
    '{}{sha}',
    '{constructor}',
  ])('a pattern is not %j: nothing but places and plain characters', (pattern) =>
    expect(isVersionPattern(pattern)).toBe(false),
  );

  it('whatever is typed, it is read in no time', () => {
    const hostile = `${'1'.repeat(99)}x`;
    const started = performance.now();
    for (const pattern of [
      '{number}{number}{number}{sha}',
      '{semver}{semver}-{number}',
      '{sha}{sha}{sha}{sha}',
    ])
      expect(isTagged(hostile, [pattern])).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
