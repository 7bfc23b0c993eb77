/** What adapters are asked about and told in tests: a release that comes to checkout in production. */

import type { Change, Commanded, Release } from '../src/backends/port.ts';

type Replacing = Change & { previous: string };

export const changeTo = (
  { version, sha, digest }: Pick<Release, 'version' | 'sha' | 'digest'>,
  previous = 'v2.0.4',
): Replacing => ({ service: 'checkout', environment: 'production', version, sha, digest, previous });

/** As the first command of its deployment. */
export const commanded = (change: Replacing): Commanded & Replacing => ({
  ...change,
  deployment: 'D-1',
  sequence: 1,
});

/** Where nobody looks it up. */
export const CHANGE = changeTo({
  version: 'v2.1.0',
  sha: '2'.repeat(40),
  digest: `sha256:${'2'.repeat(64)}`,
});
