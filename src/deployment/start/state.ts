/** What a deployment knows of its start: when it is due, what it waits for, what it may start in spite of. */

import type { Blocker } from '../../policy/calendar/blockers.ts';
import type { PersonRef } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';

export interface Waiting {
  for: Blocker[];
  /** When time alone clears all of it; unset where somebody must act. */
  until?: Instant;
  since: Instant;
}

export interface StartState {
  /** Set while it has all it needs. */
  at?: Instant;
  /** Blockers beside its sign-offs. */
  waiting?: Waiting;
  /** Freezes and windows that it may start in spite of (WN-3). */
  overridden: { keys: string[]; reason: string; by: PersonRef; at: Instant }[];
  /** What runs there since somebody else changed it; unset where nobody did, or it was accepted. */
  drift?: { runs: string | null; since: Instant; seq: number };
  /** Since when this version and this start are asked for. */
  plannedSince: Instant;
}
