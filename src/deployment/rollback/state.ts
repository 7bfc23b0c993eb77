/** What a deployment knows of its rollback, once one has begun. */

import type { By, PersonRef } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';

export interface RollbackState {
  to: string | null;
  why: string;
  by: By;
  startedAt: Instant;
  /** When the backend was told last. */
  toldAt: Instant;
  endedAt?: Instant;
  /** The share that the new version was last seen to have on the way, in percent; unset while nothing is back. */
  left?: { percent: number; at: Instant };
  reason?: string;
  /** Who was asked for it once more, by the number of that event. */
  reminder?: { seq: number; people: PersonRef[] };
  /** What it breaks, as whoever asked for it was told and accepted. */
  breaks?: string;
}
