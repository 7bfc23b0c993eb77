/** What a deployment knows of its rollback, once one has begun. */

import type { By } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';

export interface RollbackState {
  to: string | null;
  why: string;
  by: By;
  startedAt: Instant;
  /** When the backend was told last. */
  toldAt: Instant;
  endedAt?: Instant;
  reason?: string;
  /** What it breaks, as whoever asked for it was told and accepted. */
  breaks?: string;
}
