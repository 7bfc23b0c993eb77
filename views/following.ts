/** What a dry run shows of what would follow. */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { Rehearsal } from '../src/deployment/rehearsal/rehearsal.ts';
import type { Blocker } from '../src/policy/calendar/blockers.ts';
import type { Instant } from '../src/time.ts';

/** What would follow from the request. */
export interface Following {
  /** Just after it was asked for. */
  deployment: Deployment;
  rehearsal: Rehearsal;
  /** All that stands in the way of its start as it is known now. */
  blockers: readonly Blocker[];
  /** The environment that the version left out; only an emergency may. */
  skipped?: string;
  /** The window that its start would lie in, and the last start there. */
  window?: { from: Instant; to: Instant; last: Instant };
}
