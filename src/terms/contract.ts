/** The accepted contract that a deployment carries out (HO-4). */

import type { Instant } from '../time.ts';

/** Its items are in the requirements, its figures in the safeguards. */
export interface ContractTerms {
  id: string;
  acceptedAt: Instant;
  /** The last start it allows; unset where it names none. */
  startBy?: Instant;
}
