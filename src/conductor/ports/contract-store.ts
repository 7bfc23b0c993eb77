/** HANDOFF/V1 contracts (HO-4). */

import type { Contract } from '../../contract/contract.ts';
import type { ContractRecord } from '../../contract/record.ts';
import type { Moves } from '../../contract/to-checklist.ts';
import type { PersonRef } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';

/** A HANDOFF/V1 contract to keep, and the place it is for (HO-4). */
export interface NewContract {
  source: string;
  contract: Contract;
  service: string;
  environment: string;
  by: PersonRef;
}

export interface ContractStore {
  /** `same`: this text is there already · `other`: another text has its id. Neither changes anything. */
  import(
    asked: NewContract,
    at: Instant,
  ): Promise<{ kind: 'imported' | 'same' | 'other'; record: ContractRecord }>;
  /** Once: `ok` is false where somebody was faster, and the record says who. Undefined where there is none. */
  accept(
    id: string,
    accepted: { by: PersonRef; moves: Moves },
    at: Instant,
  ): Promise<{ ok: boolean; record: ContractRecord } | undefined>;
  posted(id: string, card: { channel: string; ts: string }): Promise<void>;
  /** By its id, in whatever case. */
  find(id: string): Promise<ContractRecord | undefined>;
  /** The document as it was given. */
  source(id: string): Promise<string | undefined>;
  /** Newest first. */
  list(limit: number): Promise<ContractRecord[]>;
}
