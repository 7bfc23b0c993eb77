/** A contract that somebody imported for a place, and that somebody accepts (HO-4). */

import type { Instant } from '../time.ts';
import type { Contract } from './contract.ts';
import type { Moves } from './to-checklist.ts';

/** Who did it, by their Slack user id. */
export interface Party {
  id: string;
  name: string;
}

export interface ContractRecord {
  /** As the document writes it; no other contract has it, in whatever case. */
  id: string;
  contract: Contract;
  /** Of the document, in UTF-8: SHA-256 in lower-case hex. */
  sha256: string;
  service: string;
  environment: string;
  imported: { by: Party; at: Instant };
  /** With the checklist items that were moved before the start or before the hand-over. */
  accepted?: { by: Party; at: Instant; moves: Moves };
  /** The message that shows it, once posted. */
  card?: { channel: string; ts: string };
}
