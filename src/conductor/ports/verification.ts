/** What reading the record back can show (AU-3, AU-7). */

export type Verification = { ok: true; events: number } | { ok: false; seq: number; problem: string };

/** What the record is held against, besides itself. */
export interface Proof {
  /** Keys that may have sealed it. */
  keys?: readonly string[];
  /** Checkpoints that were published. */
  heads?: readonly string[];
  /** Whether the figures of looks are held against their digests as well. */
  figures?: boolean;
}

export interface VerifiedRecord {
  deployments: number;
  events: number;
  /** Where it stands. */
  checkpoint: string;
  problems: { where: string; problem: string }[];
  /** How many more there are than are listed. */
  more?: number;
  /** What could not be proven with what was given, a sentence each. */
  unproven: string[];
}
