/** A version has one build for ever: what is deployed must be what CI registered (GT-3). */

import type { Artifact } from '../../policy/artifacts.ts';
import type { Envelope } from '../../terms/envelope.ts';

/** In words, where the registered artifact is another than what the backend would deploy. */
export function otherBuild(
  { version, digest, sha }: Pick<Envelope, 'version' | 'digest' | 'sha'>,
  registered: Artifact | undefined,
): string | undefined {
  if (registered === undefined || (registered.digest === digest && registered.sha === sha)) return undefined;
  const [what, is, was] =
    registered.digest === digest
      ? ['commit', sha.slice(0, 12), registered.sha.slice(0, 12)]
      : ['artifact', shortDigest(digest), shortDigest(registered.digest)];
  return `the backend would deploy ${version} from the ${what} ${is}, and ${registered.by} registered ${was}: a version is never built twice`;
}

const shortDigest = (digest: string): string => digest.slice(0, 19);
