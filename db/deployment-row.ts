/** A deployment as a row, and back: every column that is not the state itself is derived from it. */

import type { Insertable, Selectable } from 'kysely';
import { missingSignOffs, owedSignOffs, owes, whoCanSign } from '../src/deployment/approval/sign-offs.ts';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED, OCCUPYING } from '../src/deployment/lifecycle.ts';
import { owesReview } from '../src/deployment/review/owed.ts';
import { type Watch, withoutWatch, withWatch } from '../src/deployment/rollout/watch.ts';
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

/**
 * Who has been asked for a sign-off that is still missing; nobody waits for their own deployment, nor for a role
 * they said go for already while it lacks others (CH-6). What an emergency or a rollback owes waits for its lead as well,
 * who must see to it (CH-1, RB-6).
 */
export function waitingIn(deployment: Deployment): string[] {
  const notStarted = NOT_STARTED.has(deployment.status);
  const open = notStarted ? missingSignOffs(deployment) : owedSignOffs(deployment);
  const people = open.flatMap((required) => whoCanSign(deployment, required));
  if (!notStarted && (owes(deployment) || owesReview(deployment)))
    people.push(deployment.terms.details.lead, { id: OWED_ENTRY, name: '' });
  return [...new Set(people.map(({ id }) => id))];
}
