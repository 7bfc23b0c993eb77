/** What the conductor needs of whoever runs smoke tests: results for every test, and a rejection only for a fault of our own. */

import type { Deployment } from '../deployment/deployment.ts';
import type { Flakiness, SmokeResult } from '../policy/smoke.ts';
import type { SmokeTerms, SmokeTest } from '../terms/smoke.ts';
import type { EventStore } from './ports/event-store.ts';

export interface SmokeRunRequest {
  terms: SmokeTerms;
  tests: readonly SmokeTest[];
  /** Only to the new version, because the old one has traffic as well. */
  toArm: boolean;
  version: string;
}

/** As many deployments back a tally is looked for: the newest ones may have run no tests. */
const LOOKS_BACK = 20;

/** How smoke tests did at the place of a deployment, by the newest other one that kept count. */
export async function smokeTallyAt(
  events: Pick<EventStore, 'list'>,
  { id, terms }: Deployment,
): Promise<Flakiness[]> {
  const { service, environment } = terms.envelope;
  const newest = await events.list({ service, environment, limit: LOOKS_BACK });
  const found = newest.find((one) => one.id !== id && one.smoke?.tally !== undefined);
  return found?.smoke?.tally ?? [];
}

export type SmokeRunner = (run: SmokeRunRequest, signal: AbortSignal) => Promise<SmokeResult[]>;
