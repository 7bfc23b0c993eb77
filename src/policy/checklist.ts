/** The readiness checklist: items in groups, each ticked by people or by evidence (GT-5 to GT-7, HO-4, HO-5). */

import type { Duration } from '../time.ts';

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
  /** It is of the contract that the deployment carries out. */
  contract?: true;
}
