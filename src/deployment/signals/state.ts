/** What a deployment knows of alerts and logs since it started. */

import type { FiredAlert } from '../../terms/signals.ts';
import type { Instant } from '../../time.ts';

export interface SignalState {
  /** The newest ones that fired since its start, in order. */
  alerts: FiredAlert[];
  criticalErrors: number;
  /** Nobody can say, and since when. */
  unknown?: { since: Instant; because: string };
}
