/** What machines have said of a release so far, our own record among them (GT-1, GT-8). */

import type { Envelope } from '../deployment/deployment.ts';
import { type GateReport, STAGED_GATE } from '../policy/gates.ts';
import type { Policy } from '../policy/policy.ts';
import type { EventStore } from './ports.ts';
import { completedBefore } from './promotion.ts';

export async function gatherReports(
  stores: { events: Pick<EventStore, 'list'> },
  policy: Policy,
  envelope: Pick<Envelope, 'service' | 'environment' | 'version' | 'sha'>,
): Promise<GateReport[]> {
  const completed = await completedBefore(stores.events, policy, envelope);
  return completed?.completedAt === undefined
    ? []
    : [
        {
          gate: STAGED_GATE,
          status: 'passed',
          sha: completed.envelope.sha,
          at: completed.completedAt,
          by: completed.id,
        },
      ];
}
