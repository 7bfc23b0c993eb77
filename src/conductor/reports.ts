/** What machines have said of a release so far, our own record among them (GT-1, GT-8). */

import { defined } from '../defined.ts';
import { drillReport } from '../deployment/drill/drill.ts';
import type { Facts } from '../deployment/intents.ts';
import { type GateReport, REHEARSAL_GATE, STAGED_GATE } from '../policy/gates.ts';
import type { Policy } from '../policy/policy.ts';
import { environmentsBefore } from '../policy/promotion.ts';
import type { Envelope } from '../terms/envelope.ts';
import { every } from './every.ts';
import type { EventStore } from './ports/event-store.ts';
import type { ReleaseStore } from './ports/release-store.ts';
import { completedBefore } from './promotion.ts';

export async function gatherReports(
  stores: { events: Pick<EventStore, 'list'>; releases: ReleaseStore },
  policy: Policy,
  envelope: Pick<Envelope, 'service' | 'environment' | 'version' | 'digest'>,
): Promise<Required<Pick<Facts, 'reports' | 'artifact'>>> {
  const [reported, registered, refusals, staged, drilled] = await Promise.all([
    stores.releases.reports(envelope),
    stores.releases.artifact(envelope),
    stores.releases.refusals(envelope),
    stagedReport(stores.events, policy, envelope),
    drilledReport(stores.events, policy, envelope),
  ]);
  return {
    reports: [...reported, ...staged, ...drilled],
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

/** The newest drill of this release in an environment before this one (RB-5). */
async function drilledReport(
  events: Pick<EventStore, 'list'>,
  policy: Policy,
  { service, environment, version }: Pick<Envelope, 'service' | 'environment' | 'version'>,
): Promise<GateReport[]> {
  if (!policy.gates.has(REHEARSAL_GATE)) return [];
  const before = environmentsBefore(policy, { service, environment });
  const drills = await Promise.all(
    before.map((one) => newestDrill(events, { service, environment: one, version })),
  );
  return drills.flat();
}

async function newestDrill(
  events: Pick<EventStore, 'list'>,
  release: Pick<Envelope, 'service' | 'environment' | 'version'>,
): Promise<GateReport[]> {
  for await (const ended of every(events, { ...release, statuses: ['rolled_back', 'failed'] })) {
    const report = drillReport(ended);
    if (report !== undefined) return [report];
  }
  return [];
}
