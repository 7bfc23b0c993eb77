/** What was there before a deployment, as far as it was known when it was asked for: who signs reads it with what it changes. */

import type { Instant } from '../time.ts';

/** How far a version has come on its way up: since when it is complete in the environment before, if it is. */
export interface CameFrom {
  environment: string;
  since?: Instant;
  /** When it has run there for long enough, where that is still to come; or why it never will, as it is now. */
  bakesUntil?: Instant;
  stops?: string;
  /** Whether it must have been there first. */
  isRequired: boolean;
}

export interface Before {
  /** Since when what ran there did, where GoNoGo brought it. */
  runningSince?: Instant;
  /** Unset where no environment comes before. */
  cameFrom?: CameFrom;
  /** The version that all this is about. */
  version: string;
}
