/** A deployment as a row, and back: every column that is not the state itself is derived from it. */

import type { Insertable, Selectable } from 'kysely';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { OCCUPYING } from '../src/deployment/lifecycle.ts';
import { type Watch, withoutWatch, withWatch } from '../src/deployment/rollout/watch.ts';
import { waitingFor } from '../src/deployment/waiting-for.ts';
import type { Instant } from '../src/time.ts';
import type { DeploymentsTable } from './schema.ts';

export function idOf(number: number): string {
  return `D-${number}`;
}

export function numberOf(id: string): number {
  const number = /^D-(\d+)$/.exec(id)?.[1];
  if (number === undefined) throw new Error(`${id} is not a deployment's id`);
  return Number(number);
}

export function placeOf(service: string, environment: string): string {
  return `${service}/${environment}`;
}

export function rowOf(deployment: Deployment, wakeAt: Instant | null): Insertable<DeploymentsTable> {
  const { envelope, details } = deployment.terms;
  return {
    id: deployment.id,
    number: numberOf(deployment.id),
    seq: deployment.seq,
    status: deployment.status,
    service: envelope.service,
    environment: envelope.environment,
    version: envelope.version,
    contract: deployment.terms.contract?.id ?? null,
    lead_id: details.lead.id,
    requester_id: deployment.requestedBy.id,
    channel: details.channel,
    requested_at: deployment.requestedAt,
    started_at: deployment.rollout?.startedAt ?? null,
    completed_at: deployment.rollout?.completedAt ?? null,
    ended_at: deployment.ending?.at ?? null,
    wake_at: wakeAt,
    occupies: OCCUPYING.has(deployment.status) ? placeOf(envelope.service, envelope.environment) : null,
    state: canonicalJson(withoutWatch(deployment)),
  };
}

/**
 * Only the type's outline is checked, not a schema of the whole: we wrote this text ourselves, in one transaction
 * with the events it stands on, and `verify` finds a byte that anybody changed since. A second description of the
 * type could only disagree with the first, and every load and list would pay for it.
 */
export function stateOf(
  row: Pick<Selectable<DeploymentsTable>, 'id' | 'seq' | 'state'> & { watch: string | null },
): Deployment {
  const state: unknown = JSON.parse(row.state);
  if (!isOutlineOf(row, state)) throw new Error(`the row of ${row.id} does not hold its state at ${row.seq}`);
  return row.watch === null ? state : withWatch(state, JSON.parse(row.watch) as Watch);
}

function isOutlineOf(row: { id: string; seq: number }, state: unknown): state is Deployment {
  if (typeof state !== 'object' || state === null) return false;
  const { id, seq, status } = state as Partial<Deployment>;
  return id === row.id && seq === row.seq && typeof status === 'string';
}

/** Stands among those that are waited for in every deployment that owes something: nobody's id, and so one look-up. */
export const OWED_ENTRY = 'owing';

/** Whose Home it stands on, and whether it is among what emergencies and rollbacks owe (CH-1, RB-6). */
export function waitingIn(deployment: Deployment): string[] {
  const waits = waitingFor(deployment);
  const people = waits.flatMap(({ people }) => people.map(({ id }) => id));
  const owing = waits.some(({ matter }) => matter === 'owed') ? [OWED_ENTRY] : [];
  return [...new Set([...people, ...owing])];
}
