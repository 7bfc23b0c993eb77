/** What those who must know are owed. */

import type { Duration } from '../time.ts';

export interface Communication {
  /** How long ahead of a start they are meant to hear of it (CM-5). */
  notice: Duration;
}
