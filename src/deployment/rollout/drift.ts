/** What runs, held against what was signed and what was there before: a change behind GoNoGo's back is shown and asked about. */

import type { Observation } from '../../backends/port.ts';
import type { Deployment } from '../deployment.ts';

type Seen = Pick<Observation, 'stable' | 'canary' | 'standby' | 'weight' | 'digests'>;

/** The sentence about another build under this version's name; undefined where it is the one that was signed, or nobody knows. */
export function otherDigest({ terms }: Pick<Deployment, 'terms'>, seen: Seen): string | undefined {
  const { version, digest: signed } = terms.envelope;
  const runs = seen.digests?.[version];
  const isThere = [seen.stable, seen.canary, seen.standby].includes(version);
  if (!isThere || runs === undefined || signed === '' || runs === signed) return undefined;
  return `what runs as ${version} is ${short(runs)}, and ${short(signed)} was signed`;
}

/** A version with traffic that this deployment neither brings nor replaces. */
export function strangerIn(d: Pick<Deployment, 'terms' | 'previous'>, seen: Seen): string | undefined {
  const own = [d.terms.envelope.version, d.previous, null];
  return (
    [seen.canary, seen.stable].find((version) => version !== null && !own.includes(version)) ?? undefined
  );
}

/** The sentence about a version of somebody else's that has traffic where this one is deployed. */
export function strangerWords(version: string, { stable, weight }: Seen): string {
  const share = stable === version ? 100 - weight : weight;
  return `${version} has ${share} % of the traffic, and GoNoGo did not bring it there: somebody else deploys here`;
}

/** `sha256:1a2b3c4d5e6f` */
function short(digest: string): string {
  return digest.replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]+$/, '$1$2…');
}
