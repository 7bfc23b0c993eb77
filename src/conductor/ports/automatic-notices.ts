/** What was said last of each place where a release does not go by itself. */

import type { Instant } from '../../time.ts';

export interface Place {
  service: string;
  environment: string;
}

export interface AutomaticNotices {
  /** `said`: it is in the channel; else it may be, posted since it was begun. */
  last(place: Place): Promise<{ about: string; begun: Instant; said: boolean } | undefined>;
  /** It is about to be posted; it takes the place of the one before. */
  begin(place: Place, about: string, at: Instant): Promise<void>;
  said(place: Place): Promise<void>;
}
