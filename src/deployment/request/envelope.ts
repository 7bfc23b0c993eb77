/** The envelope's hash: what a sign-off names, so that changing what was signed makes it fall (CH-7). */

import { createHash } from 'node:crypto';
import type { Envelope } from '../../terms/envelope.ts';
import { canonicalJson } from '../canonical-json.ts';

/** Lower-case hex SHA-256 of the envelope's canonical JSON; a known tree stands in for the commit that holds it. */
export function envelopeHash({ tree, ...envelope }: Envelope): string {
  const signed = tree === undefined ? envelope : { ...envelope, sha: `tree ${tree}` };
  return createHash('sha256').update(canonicalJson(signed)).digest('hex');
}
