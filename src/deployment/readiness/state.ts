/** What a deployment knows of its release: reports of gates, ticks of the checklist, the change request. */

import type { GateReport } from '../../policy/gates.ts';
import type { ChangeRequest } from '../../terms/change-request.ts';
import type { PersonRef } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';

/** The newest report of a gate about this release, as the frozen rule judges it. */
export interface GateResult {
  report: GateReport;
  passed: boolean;
  says: string;
  /** It was measured too long ago to count. */
  expired?: true;
}

/** An item of the checklist, for one role where it asks several. */
export interface TickedFor {
  item: string;
  role?: string;
}

/** A person ticked an item of the checklist; for one role, where the item asks several. */
export interface Tick extends TickedFor {
  by: PersonRef;
  at: Instant;
  note?: string;
  /** It was given too long ago to count. */
  expired?: true;
}

export interface EvidenceState {
  /** What was reported of each gate, by its id. */
  gates: Record<string, GateResult>;
  /** Items of the checklist that people ticked. */
  ticks: Tick[];
  changeRequest?: ChangeRequest & { by: PersonRef; at: Instant };
  /** How many times another build of its version was offered and refused (GT-3). */
  artifactRefusals: number;
  /** In words, how the registered build differs from what was asked for; unset where it does not. */
  otherBuild?: { says: string; at: Instant };
}
