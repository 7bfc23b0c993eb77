/** What machines have said of a release so far, our own record among them (GT-1, GT-8). */

import { defined } from '../defined.ts';
import type { Facts } from '../deployment/intents.ts';
import { type GateReport, STAGED_GATE } from '../policy/gates.ts';
import type { Policy } from '../policy/policy.ts';
import type { Envelope } from '../terms/envelope.ts';
import type { EventStore } from './ports/event-store.ts';
import type { ReleaseStore } from './ports/release-store.ts';
import { completedBefore } from './promotion.ts';

export async function gatherReports(
  stores: { events: Pick<EventStore, 'list'>; releases: ReleaseStore },
  policy: Policy,
  envelope: Pick<Envelope, 'service' | 'environment' | 'version' | 'digest'>,
): Promise<Required<Pick<Facts, 'reports' | 'artifact'>>> {
  const [reported, registered, refusals, staged] = await Promise.all([
    stores.releases.reports(envelope),
    stores.releases.artifact(envelope),
    stores.releases.refusals(envelope),
    stagedReport(stores.events, policy, envelope),
  ]);
  return {
    reports: [...reported, ...staged],
    artifact: { refusals, ...defined({ registered }) },
  };
}

async function stagedReport(
  events: Pick<EventStore, 'list'>,
  policy: Policy,
  envelope: Pick<Envelope, 'service' | 'environment' | 'version' | 'digest'>,
): Promise<GateReport[]> {
  const completed = await completedBefore(events, policy, envelope);
  if (completed?.rollout?.completedAt === undefined) return [];
  const { sha, digest } = completed.terms.envelope;
  return [
    {
      gate: STAGED_GATE,
      status: 'passed',
      sha,
      digest,
      at: completed.rollout?.completedAt,
      by: completed.id,
    },
  ];
}
