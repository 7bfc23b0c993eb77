/** The change request (CR-n): why, and at what risk (CH-5); type, risk, summary and approvers are the deployment's own. */

import type { Duration } from '../time.ts';

export const LEVELS = ['low', 'medium', 'high'] as const;
export type Level = (typeof LEVELS)[number];

export interface ChangeRequest {
  justification: string;
  /** What it touches, in words. */
  components: string;
  /** Expected downtime, 0 for none. */
  downtime: Duration;
  rollbackTime: Duration;
  risks: { risk: string; likelihood: Level; impact: Level; mitigation: string }[];
}

export const CHANGE_REQUEST_PARTS = [
  'justification',
  'components',
  'downtime',
  'rollbackTime',
  'risks',
] as const satisfies (keyof ChangeRequest)[];
export type ChangeRequestPart = (typeof CHANGE_REQUEST_PARTS)[number];
