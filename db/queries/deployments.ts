/** Deployments and their events: one, those of a place, those that are due, and who has to look again. */

import { sql } from 'kysely';
import type { ReleaseName } from '../../src/conductor/ports/release-store.ts';
import type { Status } from '../../src/deployment/lifecycle.ts';
import type { Instant } from '../../src/time.ts';
import { prepared, preparedFirst } from '../prepared.ts';
import type { Db } from '../schema.ts';
import { inLanes } from './lanes.ts';

const WATCH = sql<string | null>`(select watch from watches where watches.deployment = deployments.id)`;

/** A deployment as its events left it, and what was seen of it since. */
export const STATE = ['deployments.id', 'deployments.seq', 'deployments.state', WATCH.as('watch')] as const;

const LOOKED_UNTIL = sql<
  number | null
>`(select looked_until from watches where watches.deployment = deployments.id)`;

/** A deployment by its id; without its state where it is as it was kept: then the state is not even read. */
export const byId = preparedFirst((db: Db, id: string, seq: number, lookedUntil: number | null) =>
  db
    .selectFrom('deployments')
    .select((eb) => {
      const asKept = eb.and([eb('seq', '=', seq), eb(LOOKED_UNTIL, 'is', lookedUntil)]);
      return [
        'id',
        'seq',
        LOOKED_UNTIL.as('looked_until'),
        eb.case().when(asKept).then(null).else(eb.ref('state')).end().as('state'),
        eb.case().when(asKept).then(null).else(WATCH).end().as('watch'),
      ];
    })
    .where('id', '=', id),
);

export const occupant = preparedFirst((db: Db, place: string) =>
  db.selectFrom('deployments').select('id').where('occupies', '=', place),
);

/** As many look-ups in one index as there are services and statuses, and nothing is cut off. */
export const inEnvironment = (
  db: Db,
  environment: string,
  services: readonly string[],
  statuses: readonly Status[],
) =>
  db
    .selectFrom('deployments')
    .select([...STATE, 'deployments.number'])
    .where('service', 'in', services)
    .where('environment', '=', environment)
    .where('status', 'in', statuses);

export const handled = (db: Db, inboxKey: string) =>
  db.selectFrom('inbox').select('deployment').where('key', '=', inboxKey);

export const startedIn = (db: Db, { from, until, service, environment, after, limit }: StartedIn) =>
  db
    .selectFrom('deployments')
    .leftJoin('artifacts', (join) =>
      join
        .onRef('artifacts.service', '=', 'deployments.service')
        .onRef('artifacts.version', '=', 'deployments.version'),
    )
    .select([...STATE, 'deployments.started_at', 'artifacts.registered_at'])
    .where('deployments.started_at', '>=', from)
    .where('deployments.started_at', '<', until)
    .$if(service !== undefined, (q) => q.where('deployments.service', '=', service ?? ''))
    .$if(environment !== undefined, (q) => q.where('deployments.environment', '=', environment ?? ''))
    .$if(after !== undefined, (q) =>
      q.where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('deployments.started_at', 'deployments.number'),
          '<',
          tuple(after?.startedAt ?? 0, after?.number ?? 0),
        ),
      ),
    )
    .orderBy('deployments.started_at', 'desc')
    .orderBy('deployments.number', 'desc')
    .limit(limit)
    .$narrowType<{ started_at: Instant }>();

interface StartedIn {
  from: Instant;
  until: Instant;
  service?: string;
  environment?: string;
  after?: { startedAt: Instant; number: number };
  limit: number;
}

export const underContract = (db: Db, contract: string) =>
  db
    .selectFrom('deployments')
    .select(STATE)
    .where('contract', '=', contract)
    .orderBy('number', 'desc')
    .limit(1);

export const eventsFrom = prepared((db: Db, id: string, fromSeq: number) =>
  db.selectFrom('events').selectAll().where('deployment', '=', id).where('seq', '>=', fromSeq).orderBy('seq'),
);

export const snooze = prepared((db: Db, id: string, seq: number, wakeAt: Instant | null) =>
  db.updateTable('deployments').set({ wake_at: wakeAt }).where('id', '=', id).where('seq', '=', seq),
);

/** Those that roll back are few, and found by their status; the rest is walked in the order in which it is due. */
const ROLLING_BACK = 'rolling_back';

/** What is due, with where it stands, and the one that is due after that, if any. */
export const due = inLanes((lane) => {
  const inLane = (db: Db) =>
    db
      .selectFrom('deployments')
      .select(['id', 'wake_at as at', 'told', 'seq', LOOKED_UNTIL.as('looked_until')])
      .where('status', lane === 'rollback' ? '=' : '<>', ROLLING_BACK)
      .orderBy('wake_at')
      .$narrowType<{ at: Instant }>();
  return prepared((db: Db, now: Instant, limit: number) =>
    db
      .selectFrom(inLane(db).where('wake_at', '<=', now).limit(limit).as('due'))
      .selectAll()
      .unionAll(db.selectFrom(inLane(db).where('wake_at', '>', now).limit(1).as('next')).selectAll()),
  );
});

/** It has looked at what it was told. */
export const heard = prepared((db: Db, id: string, told: number) =>
  db.updateTable('deployments').set({ told: 0 }).where('id', '=', id).where('told', '=', told),
);

export const latest = preparedFirst((db: Db) =>
  db.selectFrom('events').select('at').where('at', '>=', 0).orderBy('at', 'desc').limit(1),
);

/** Those that have not started look at the calendar again, now. */
export const wakeNotStarted = (db: Db, statuses: readonly Status[], at: Instant) =>
  db.updateTable('deployments').set({ wake_at: at }).where('status', 'in', statuses);

/** Those of one release look at what is known of it, now; where something else has its way first, `told` says it is still to be done. */
export const wakeRelease = (
  db: Db,
  { service, version, outside }: ReleaseName & { outside?: string },
  statuses: readonly Status[],
  at: Instant,
) =>
  db
    .updateTable('deployments')
    .set((eb) => ({ wake_at: at, told: eb('told', '+', 1) }))
    .where('service', '=', service)
    .where('status', 'in', statuses)
    .where('version', '=', version)
    .$if(outside !== undefined, (q) => q.where('environment', '<>', outside ?? ''));
