/** A deployment: one version to one environment of one service, as its events left it. */

import type { By, PersonRef } from '../terms/person.ts';
import type { Terms } from '../terms/terms.ts';
import type { Instant } from '../time.ts';
import type { ApprovalState } from './approval/state.ts';
import type { Status } from './lifecycle.ts';
import type { PagingState } from './paging/state.ts';
import type { EvidenceState } from './readiness/state.ts';
import type { ReviewState } from './review/state.ts';
import type { RollbackState } from './rollback/state.ts';
import type { RolloutState } from './rollout/state.ts';
import type { SignalState } from './signals/state.ts';
import type { SmokeState } from './smoke/state.ts';
import type { StartState } from './start/state.ts';

/** Records that appear together stand together, and which are there follows from the status. */
export interface Deployment {
  /** `D-1042`. */
  id: string;
  /** Number of events so far. */
  seq: number;
  status: Status;
  requestedBy: PersonRef;
  requestedAt: Instant;
  /** What was agreed and is frozen. */
  terms: Terms;
  envelopeHash: string;
  approval: ApprovalState;
  evidence: EvidenceState;
  start: StartState;
  /** What ran before; what a rollback goes back to. */
  previous: string | null;
  /** From its start on; what only takes another back never has one. */
  rollout?: RolloutState;
  /** The newest run of its smoke tests, once one has begun. */
  smoke?: SmokeState;
  /** Alerts and logs since its start, once one said anything. */
  signals?: SignalState;
  /** From the first word of a rollback on. */
  rollback?: RollbackState;
  /** What came of its review, once somebody was reminded of it or wrote it. */
  review?: ReviewState;
  /** Calls to its pagers, and what people did; unset before either. */
  paging?: PagingState;
  /** The last trouble with the backend that nothing has cleared since. */
  trouble?: { doing: string; message: string; at: Instant };
  /** In a terminal status; `reason` where that needs words. */
  ending?: { at: Instant; by: By; reason?: string };
}
