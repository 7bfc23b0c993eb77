/** What must be true besides the sign-offs: gates, the checklist, the change request (GT-1 to GT-7, CH-5, HO-4, HO-5). */

import type { Duration } from '../time.ts';
import type { PersonRef } from './person.ts';

export const CHECKLIST_GROUPS = [
  'prerequisites',
  'artifacts',
  'documentation',
  'approvals',
  'environment',
] as const;
export type ChecklistGroup = (typeof CHECKLIST_GROUPS)[number];

/** What ticks an item without a person. */
export type Evidence =
  /** A passing report of this gate. */
  | { kind: 'gate'; gate: string }
  /** The role's sign-off. */
  | { kind: 'sign_off'; role: string }
  /** The deployment names somebody on call. */
  | { kind: 'on_call' }
  /** The change request is written. */
  | { kind: 'change_request' };

export interface ChecklistItem {
  id: string;
  group: ChecklistGroup;
  text: string;
  /** Whether an open one keeps the deployment from what it comes before. */
  required: boolean;
  /** What it must be ticked before: the start, or the hand-over at the end. */
  before: 'start' | 'hand_over';
  evidence?: Evidence;
  /** Each of these roles ticks it for itself; unset: one tick, of anybody who may tick. */
  roles?: { role: string; name: string }[];
  /** One tick of anybody in one of these, and never the requester's own (CH-10); unset: of anybody who may tick. */
  by?: { role: string; name: string }[];
  /** How long a person's tick counts. */
  lasts?: Duration;
  /** Ticks, and passing gates, count only so long after all traffic has moved: it speaks of what is not there before. */
  after?: Duration;
  /** Names under which a contract may ask for the same. */
  called?: string[];
  /** It is of the contract that the deployment carries out. */
  contract?: true;
}

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a gate's report must show. */
export type GateRule =
  /** The reporter says that it passed. */
  | { kind: 'passed' }
  /** Of the tests that ran, at least this many percent passed; skipped ones did not run. */
  | { kind: 'pass_rate'; atLeast: number }
  /** A share in percent: the coverage of new code, the scale of staging. */
  | { kind: 'percent'; atLeast: number }
  /** No more findings than this, per severity; a severity without a figure may have any number. */
  | { kind: 'findings'; atMost: Partial<Record<Severity, number>> };

export interface Gate {
  id: string;
  /** How people read it: "unit tests". */
  name: string;
  rule: GateRule;
  /** How long a report counts, from when it was measured; unset for as long as the release lives. */
  lasts?: Duration;
}

/** A gate that the deployment hears of, and what it must have passed before; `evidence` only ticks checklist items. */
export type RequiredGate = Gate & { before: 'start' | 'hand_over' | 'evidence' };

export interface Requirements {
  gates: RequiredGate[];
  checklist: ChecklistItem[];
  /** Whether a change request must be written: before the start, or after it where it is approved afterwards. */
  changeRequest: boolean;
  /** Who holds the roles that items ask for besides those who sign, by role; who may tick is asked again at the click. */
  people?: Record<string, PersonRef[]>;
}
