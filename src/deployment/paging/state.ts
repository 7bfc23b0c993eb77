/** What a deployment knows of the calls to its pagers: for what, since when, who has it, and whether it is over. */

import type { By } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';

/** What people are called for. */
export const MATTERS = [
  'held',
  'unsettled',
  'data_at_risk',
  'rolled_back',
  'rollback_late',
  'rollback_failed',
] as const;
export type Matter = (typeof MATTERS)[number];

/** How far a call has come with one pager. */
export type Reached =
  | { notifier: string; calledAt: Instant }
  /** The first time that it could not be called; it is tried again. */
  | { notifier: string; failedAt: Instant; problem: string };

export interface PagerCall {
  /** The number of its event: the name under which pagers know it. */
  seq: number;
  matter: Matter;
  /** Why, in words. */
  says: string;
  at: Instant;
  /** Whose own act it is about: they know, and cannot answer it for the others. */
  except?: string;
  reached: Reached[];
  /** The event by which somebody took it up. */
  acknowledged?: { by: By; at: Instant; seq: number };
  /** The event after which there is nothing to act on any more. */
  over?: { at: Instant; seq: number };
}

export interface PagingState {
  /** Oldest first. */
  calls: PagerCall[];
  /** When a person last did something about how it goes. */
  actedAt?: Instant;
}
