/** Who is called beyond Slack where nobody acts. */

import type { Duration } from '../time.ts';
import type { AdapterRef } from './adapters.ts';

export interface PagingTerms {
  /** The pagers, by the names of their instances; what each needs to be reached is read when it is called. */
  notifiers: AdapterRef[];
  /** How long something may wait for a person before they are called; what cannot wait calls at once. */
  after: Duration;
}
