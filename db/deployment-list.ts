/** Lists of deployments, newest request first: each reads about as many rows as it shows, however many there are. */

import type { ListFilter } from '../src/conductor/ports/event-store.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Status } from '../src/deployment/lifecycle.ts';
import { numberOf, OWED_ENTRY, stateOf } from './deployment-row.ts';
import { STATE } from './queries/deployments.ts';
import type { Db } from './schema.ts';

const ROW = [...STATE, 'deployments.number'] as const;

export async function listDeployments(db: Db, filter: ListFilter): Promise<Deployment[]> {
  const limit = Math.max(0, Math.trunc(filter.limit));
  const pages = queries(db, { ...filter, limit }).map((query) => query.execute());
  const numbers = (await Promise.all(pages)).flat().map(({ number }) => number);
  const shown = numbers.sort((a, b) => b - a).slice(0, limit);
  if (shown.length === 0) return [];
  const rows = await statesOf(db, shown).execute();
  return rows.sort((a, b) => b.number - a.number).map(stateOf);
}

/** Of all that the walks found only those that are shown are read whole. */
const statesOf = (db: Db, numbers: readonly number[]) =>
  db.selectFrom('deployments').select(ROW).where('number', 'in', numbers);

/** With several statuses there is one per status, each a walk down its own index: one alone would sort all that match. */
function queries(db: Db, filter: ListFilter) {
  if (filter.owesApproval) return [waitingFor(db, filter, OWED_ENTRY)];
  if (filter.waitingFor !== undefined) return [waitingFor(db, filter, filter.waitingFor)];
  if (filter.statuses === undefined) return [walk(db, filter)];
  return [...new Set(filter.statuses)].map((status) => walk(db, filter, status));
}

function walk(db: Db, filter: ListFilter, status?: Status) {
  const { service, environment, version, requestedBy, before, limit } = filter;
  return db
    .selectFrom('deployments')
    .select('number')
    .where('number', '<', beforeNumber(before))
    .$if(service !== undefined, (q) => q.where('service', '=', service ?? ''))
    .$if(environment !== undefined, (q) => q.where('environment', '=', environment ?? ''))
    .$if(version !== undefined, (q) => q.where('version', '=', version ?? ''))
    .$if(requestedBy !== undefined, (q) => q.where('requester_id', '=', requestedBy ?? ''))
    .$if(status !== undefined, (q) => q.where('status', '=', status ?? 'preparing'))
    .orderBy('number', 'desc')
    .limit(limit);
}

/** A person waits in a handful of deployments at most, so the other filters need no index of their own here. */
function waitingFor(db: Db, filter: ListFilter, person: string) {
  const { service, environment, version, statuses, requestedBy, before, limit } = filter;
  return db
    .selectFrom('waiting_people as waiting')
    .innerJoin('deployments', 'deployments.id', 'waiting.deployment')
    .select('waiting.number')
    .where('waiting.person', '=', person)
    .where('waiting.number', '<', beforeNumber(before))
    .$if(service !== undefined, (q) => q.where('service', '=', service ?? ''))
    .$if(environment !== undefined, (q) => q.where('environment', '=', environment ?? ''))
    .$if(version !== undefined, (q) => q.where('version', '=', version ?? ''))
    .$if(requestedBy !== undefined, (q) => q.where('requester_id', '=', requestedBy ?? ''))
    .$if(statuses !== undefined, (q) => q.where('status', 'in', [...(statuses ?? [])]))
    .orderBy('waiting.number', 'desc')
    .limit(limit);
}

function beforeNumber(before: string | undefined): number {
  return before === undefined ? Number.MAX_SAFE_INTEGER : numberOf(before);
}
