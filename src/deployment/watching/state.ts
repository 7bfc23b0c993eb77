/** What is known of a deployment that somebody else conducts. */

import type { Instant } from '../../time.ts';
import type { EventBody } from '../events.ts';

export interface ReportedShare {
  /** The new version's share in percent, as it was seen or reported last. */
  percent: number;
  at: Instant;
  /** What became of it, once its watch is over. */
  ended?: Extract<EventBody, { type: 'watch_ended' }>['how'];
}
