/** What a deployment knows of its review, once it was rolled back and the policy asks for one. */

import type { PersonRef } from '../../terms/person.ts';
import type { Review } from '../../terms/review.ts';
import type { Instant } from '../../time.ts';

export interface ReviewState {
  /** Each time somebody was told that it is owed, by the number of its event. */
  reminders: { seq: number; people: PersonRef[]; at: Instant }[];
  written?: Review & { by: PersonRef; at: Instant };
}
