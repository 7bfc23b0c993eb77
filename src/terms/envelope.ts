/** What a sign-off signs (CH-7). */

import type { Instant } from '../time.ts';
import type { Plan } from './plan.ts';

/** When it may start: as soon as it is ready, or not before an instant. */
export type Start = { kind: 'when_ready' } | { kind: 'at'; at: Instant };

/** Change any of it and the sign-offs that named it fall. */
export interface Envelope {
  service: string;
  environment: string;
  version: string;
  sha: string;
  /** The git tree of the commit, where it is known: a rebase that leaves it the same has changed nothing. */
  tree?: string;
  digest: string;
  plan: Plan;
  start: Start;
  /** The window that a start at a time lies in: what is signed is a start in it, not its minute. */
  window?: { from: Instant; to: Instant };
}
