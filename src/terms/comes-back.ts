/** A version that was rolled back at a place and is asked for there again: what happened, and why it is right now (RB-8). */

import type { Instant } from '../time.ts';
import type { By } from './person.ts';

export interface RolledBackBefore {
  /** The deployment that was rolled back. */
  deployment: string;
  version: string;
  at: Instant;
  by: By;
  /** As people said it afterwards, or as it was recorded at once. */
  why: string;
}

/** Of another version it says nothing. */
export interface ComesBack extends RolledBackBefore {
  reason: string;
}
