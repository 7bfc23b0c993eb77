/** What must have passed before the hand-over and failed is not a tick that is missing then: people are asked at once (SM-2). */

import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import { CAN_HOLD } from '../lifecycle.ts';

/** What follows from reports that have just come; nothing where none of them failed. */
export function afterFailedGate(d: Deployment, reported: readonly EventBody[]): EventBody[] {
  const gates = d.terms.requirements.gates.filter(({ before }) => before === 'hand_over');
  for (const body of reported) {
    if (body.type !== 'gate_reported' || body.passed) continue;
    const gate = gates.find(({ id }) => id === body.report.gate);
    if (gate !== undefined) return asking(d, `${gate.name} did not pass: ${body.says}`);
  }
  return [];
}

/** Whatever can still be stopped is held; what is only watched any more waits for a person's word. */
export function asking(d: Deployment, because: string): EventBody[] {
  if (CAN_HOLD.has(d.status)) return [{ type: 'held', reason: because }];
  const asks = d.status === 'observing' && d.rollout?.finalWatch?.unsettled === undefined;
  return asks ? [{ type: 'observation_unsettled', because }] : [];
}
