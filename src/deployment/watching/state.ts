/** What is known of a deployment that somebody else conducts. */

import type { Instant } from '../../time.ts';

/** How a watch comes to its end. */
export type WatchEnd =
  | 'observed'
  | 'superseded'
  | 'went_back'
  | 'failed'
  | 'stood_still'
  | 'not_watched_any_more';

export interface ReportedShare {
  /** The new version's share in percent, as it was seen or reported last. */
  percent: number;
  at: Instant;
  /** The largest that it ever had, and since when. */
  most: { percent: number; at: Instant };
  /** What became of it, once its watch is over. */
  ended?: WatchEnd;
}
