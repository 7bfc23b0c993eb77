/** Lists of deployments, newest request first: each reads about as many rows as it shows, however many there are. */

import type { ListFilter } from '../src/conductor/ports/event-store.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Status } from '../src/deployment/lifecycle.ts';
import { idOf, numberOf, OWED_ENTRY, stateOf } from './deployment-row.ts';
import type { KeptStates } from './kept-states.ts';
import { prepared } from './prepared.ts';
import { STATE } from './queries/deployments.ts';
import type { Db, Tables } from './schema.ts';

const ROW = [...STATE, 'deployments.number'] as const;

/** So few are each read by what is kept of them; more are read at once. */
const FEW = 4;

export async function listDeployments(
  db: Db,
  filter: ListFilter,
  kept: Pick<KeptStates, 'load'>,
): Promise<Deployment[]> {
  const limit = Math.max(0, Math.trunc(filter.limit));
  const pages = await Promise.all(numbersOf(db, { ...filter, limit }));
  const shown = pages
    .flat()
    .sort((a, b) => b - a)
    .slice(0, limit);
  if (shown.length <= FEW) {
    const few = await Promise.all(shown.map((number) => kept.load(db, idOf(number))));
    return few.filter((one) => one !== undefined);
  }
  const rows = await statesOf(db, shown).execute();
  return rows.sort((a, b) => b.number - a.number).map(stateOf);
}

/** Of all that the walks found only those that are shown are read whole. */
const statesOf = (db: Db, numbers: readonly number[]) =>
  db.selectFrom('deployments').select(ROW).where('number', 'in', numbers);

/** With several statuses there is one per status, each a walk down its own index: one alone would sort all that match. */
function numbersOf(db: Db, filter: ListFilter): Promise<number[]>[] {
  const person = filter.owesApproval ? OWED_ENTRY : filter.waitingFor;
  if (person !== undefined) return [numbersIn(waitingFor(db, filter, person).execute())];
  const statuses = filter.statuses === undefined ? [undefined] : new Set(filter.statuses);
  return [...statuses].map((status) => walk(db, filter, status));
}

function walk(db: Db, filter: ListFilter, status?: Status): Promise<number[]> {
  const { service, environment, version, requestedBy, before, limit } = filter;
  const by = defined({ service, environment, version, requester_id: requestedBy, status });
  return numbersIn(newest(db, by, beforeNumber(before), limit).then(({ rows }) => rows));
}

const numbersIn = async (rows: Promise<{ number: number }[]>): Promise<number[]> =>
  (await rows).map(({ number }) => number);

type By = Partial<
  Pick<Tables['deployments'], 'service' | 'environment' | 'version' | 'requester_id' | 'status'>
>;

const newest = prepared((db: Db, by: By, before: number, limit: number) =>
  db
    .selectFrom('deployments')
    .select('number')
    .where('number', '<', before)
    .where((eb) => eb.and(by))
    .orderBy('number', 'desc')
    .limit(limit),
);

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
