/** How long ahead those who must know are meant to hear of a start (CM-5). */

import type { Communication } from '../terms/communication.ts';
import type { Policy } from './policy.ts';

/** Undefined where nobody has to approve it: nobody waits to hear of it there either. */
export function communicationFor(policy: Policy, environment: string): Communication | undefined {
  const place = policy.environments.find(({ id }) => id === environment);
  return place?.approval === 'manual' ? policy.communication : undefined;
}
