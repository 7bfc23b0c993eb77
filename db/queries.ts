/** The statements that run often, apart from what is done with their rows; each is served by one index. */

import { type Kysely, sql } from 'kysely';
import type { Only } from '../src/conductor/ports/live-messages.ts';
import type { ReleaseName } from '../src/conductor/ports/release-store.ts';
import type { CommandLane, Lane } from '../src/deployment/command-effects.ts';
import { NEWS, type News } from '../src/deployment/effects.ts';
import type { Status } from '../src/deployment/lifecycle.ts';
import type { Instant } from '../src/time.ts';
import { prepared, preparedFirst } from './prepared.ts';
import type { Tables } from './schema.ts';

type Db = Kysely<Tables>;

/** See `EffectsTable.rank`. */
export const RANKS = { rollback: 0, rest: 1, notices: 2 } as const satisfies Record<CommandLane, number>;

/** The same for each lane: which one it is about is part of the statement. */
const inLanes = <T>(make: (lane: Lane) => T): Record<Lane, T> => ({
  rollback: make('rollback'),
  rest: make('rest'),
});

/** The same for each lane of commands. */
const inCommandLanes = <T>(make: (lane: CommandLane) => T): Record<CommandLane, T> => ({
  ...inLanes(make),
  notices: make('notices'),
});

const WATCH = sql<string | null>`(select watch from watches where watches.deployment = deployments.id)`;

/** A deployment as its events left it, and what was seen of it since. */
export const STATE = ['deployments.id', 'deployments.seq', 'deployments.state', WATCH.as('watch')] as const;

type Numbered = 'deployment' | 'freeze' | 'lock' | 'calendar_log' | 'gate_reports' | 'artifact_refusals';

export const nextNumber = (db: Db, name: Numbered = 'deployment') =>
  db
    .updateTable('sequences')
    .set((eb) => ({ last: eb('last', '+', 1) }))
    .where('name', '=', name)
    .returning('last');

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
  db.selectFrom('deployments').select(STATE).where('occupies', '=', place),
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

/** What is ready, and the one that is ready after that, if any. */
/** A record that was restored goes on from a number that no command of it ever had. */
const SEQUENCE = sql<number>`effects.checkpoint + (select last from sequences where name = 'commands')`;
const RECORD = sql<number>`(select last from sequences where name = 'record')`;

export const readyEffects = inCommandLanes((lane) => {
  const inLane = (db: Db) =>
    db
      .selectFrom('effects')
      .select([
        'key',
        'deployment',
        'effect',
        'attempts',
        'next_at as at',
        SEQUENCE.as('sequence'),
        RECORD.as('record'),
      ])
      .where('rank', '=', RANKS[lane])
      .$narrowType<{ at: Instant }>();
  const ready = (db: Db, now: Instant, limit: number) =>
    inLane(db)
      .where('next_at', '<=', now)
      .orderBy('created_at')
      .orderBy('seq')
      .orderBy('ordinal')
      .limit(limit);
  const next = (db: Db, now: Instant) => inLane(db).where('next_at', '>', now).orderBy('next_at').limit(1);
  return prepared((db: Db, now: Instant, limit: number) =>
    db
      .selectFrom(ready(db, now, limit).as('ready'))
      .selectAll()
      .unionAll(db.selectFrom(next(db, now).as('next')).selectAll()),
  );
});

/** One number for the order in which messages go: the card first, but for figures, where who has waited longest goes first. */
export const rankOf = (news: News, key: string): number =>
  2 * NEWS.indexOf(news) + (key === 'card' || news === 'look' ? 0 : 1);
export const newsAt = (rank: number): News => NEWS[rank >> 1] ?? 'look';

/** Of one deployment they go in the order of its events: a line waits for the card and for the lines before it. */
const waitingMessages = (
  db: Db,
  now: Instant,
  limit: number,
  rank: number,
  { posted, outside = [], noDirect, oldest }: Omit<Only, 'upTo'>,
) =>
  db
    .selectFrom('live_messages')
    .selectAll()
    .where('next_at', '<=', now)
    .where('rank', '<=', rank)
    .$if(posted !== undefined, (q) => q.where('ts', posted ? 'is not' : 'is', null))
    .$if(outside.length > 0, (q) => q.where('place', 'not in', outside))
    .$if(noDirect === true, (q) => q.where('key', 'not like', 'dm:%').where('key', 'not like', 'nudge:%'))
    .$if(oldest === true, (q) => q.orderBy('since'))
    .orderBy('rank')
    .orderBy('since')
    .orderBy('since_seq')
    .orderBy('deployment')
    .limit(limit);

const LEAST_URGENT = rankOf('look', '');

const leastUrgent = (upTo: News | undefined): number =>
  upTo === undefined ? LEAST_URGENT : rankOf(upTo, '');

const waitingAndNext = prepared((db: Db, now: Instant, limit: number, rank: number) =>
  db
    .selectFrom(waitingMessages(db, now, limit, rank, {}).as('waiting'))
    .selectAll()
    .unionAll(
      db
        .selectFrom(
          db
            .selectFrom('live_messages')
            .selectAll()
            .where('next_at', '>', now)
            .orderBy('next_at')
            .limit(1)
            .as('next'),
        )
        .selectAll(),
    ),
);

/** All that wait, after every message sent, and the one that is due after that, if any. */
export async function allMessages(db: Db, now: Instant, limit: number, upTo: News | undefined) {
  return (await waitingAndNext(db, now, limit, leastUrgent(upTo))).rows;
}

/** A part of them: where there are many, or Slack refuses some. */
export const someMessages = (db: Db, now: Instant, limit: number, { upTo, ...part }: Only) =>
  waitingMessages(db, now, limit, leastUrgent(upTo), part).execute();

export const messageByKey = preparedFirst((db: Db, deployment: string, key: string) =>
  db.selectFrom('live_messages').selectAll().where('deployment', '=', deployment).where('key', '=', key),
);

export const messageAt = preparedFirst((db: Db, channel: string, ts: string) =>
  db.selectFrom('live_messages').selectAll().where('channel', '=', channel).where('ts', '=', ts),
);

export const nextMessage = preparedFirst((db: Db, after: Instant) =>
  db
    .selectFrom('live_messages')
    .select('next_at as at')
    .where('next_at', '>', after)
    .orderBy('next_at')
    .limit(1),
);

export const dueCharts = prepared((db: Db, now: Instant, limit: number) =>
  db.selectFrom('charts').selectAll().where('next_at', '<=', now).orderBy('next_at').limit(limit),
);

export const chartOf = preparedFirst((db: Db, deployment: string, stage: number) =>
  db.selectFrom('charts').selectAll().where('deployment', '=', deployment).where('stage', '=', stage),
);

export const nextChart = preparedFirst((db: Db) =>
  db.selectFrom('charts').select('next_at as at').where('next_at', '>=', 0).orderBy('next_at').limit(1),
);

export const cachedPerson = preparedFirst((db: Db, id: string) =>
  db.selectFrom('people_cache').select(['json', 'fetched_at']).where('id', '=', id),
);

/** Freezes that no person has lifted and that are not over. */
export const standingFreezes = (db: Db, now: Instant) =>
  db
    .selectFrom('freezes')
    .selectAll()
    .where('lifted_at', 'is', null)
    .where('until_at', '>', now)
    .orderBy('until_at');

export const standingLocks = (db: Db, now: Instant) =>
  db
    .selectFrom('locks')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('until_at', '>', now)
    .orderBy('until_at');

export const lockNotices = (db: Db, now: Instant, limit: number) =>
  db.selectFrom('locks').selectAll().where('notice_at', '<=', now).orderBy('notice_at').limit(limit);

export const nextLockNotice = (db: Db) =>
  db.selectFrom('locks').select('notice_at as at').where('notice_at', '>=', 0).orderBy('notice_at').limit(1);

export const freezeNotices = (db: Db, now: Instant, limit: number) =>
  db.selectFrom('freezes').selectAll().where('notice_at', '<=', now).orderBy('notice_at').limit(limit);

export const nextFreezeNotice = (db: Db) =>
  db
    .selectFrom('freezes')
    .select('notice_at as at')
    .where('notice_at', '>=', 0)
    .orderBy('notice_at')
    .limit(1);

export const calendarLog = (db: Db, limit: number) =>
  db.selectFrom('calendar_log').selectAll().where('seq', '>', 0).orderBy('seq', 'desc').limit(limit);

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

/** Reports of one gate about one commit and artifact that were measured at one moment. */
export const reportsAt = (db: Db, of: ReportKey, at: Instant) =>
  reportsOf(db, of).select('report').where('at', '=', at);

/** When the report that counts was measured. */
export const newestReport = (db: Db, of: ReportKey) =>
  reportsOf(db, of).select('at').orderBy('at', 'desc').limit(1);

interface ReportKey extends ReleaseName {
  gate: string;
  /** Empty for none. */
  sha: string;
  digest: string;
}

const reportsOf = (db: Db, { service, version, gate, sha, digest }: ReportKey) =>
  db
    .selectFrom('gate_reports')
    .where('service', '=', service)
    .where('version', '=', version)
    .where('gate', '=', gate)
    .where('sha', '=', sha)
    .where('digest', '=', digest);

/** Of each gate, commit and artifact the report measured last, and of those the one that came last. */
export const latestReports = (db: Db, { service, version }: ReleaseName) =>
  db
    .selectFrom('gate_reports as it')
    .select('it.report')
    .where('it.service', '=', service)
    .where('it.version', '=', version)
    .where(({ eb, exists, not, selectFrom, ref }) =>
      not(
        exists(
          selectFrom('gate_reports as later')
            .select('later.seq')
            .whereRef('later.service', '=', 'it.service')
            .whereRef('later.version', '=', 'it.version')
            .whereRef('later.gate', '=', 'it.gate')
            .whereRef('later.sha', '=', 'it.sha')
            .whereRef('later.digest', '=', 'it.digest')
            .where(eb(sql`(later.at, later.seq)`, '>', sql`(${ref('it.at')}, ${ref('it.seq')})`)),
        ),
      ),
    )
    .orderBy('it.gate')
    .orderBy('it.sha')
    .orderBy('it.digest');

export const artifactOf = (db: Db, { service, version }: ReleaseName) =>
  db.selectFrom('artifacts').select('artifact').where('service', '=', service).where('version', '=', version);

export const newestArtifact = (db: Db, service: string) =>
  db
    .selectFrom('artifacts')
    .select(['artifact', 'registered_at'])
    .where('service', '=', service)
    .orderBy('registered_at', 'desc')
    .orderBy('version', 'desc')
    .limit(1);

export const refusalsOf = (db: Db, { service, version }: ReleaseName) =>
  db
    .selectFrom('artifact_refusals')
    .selectAll()
    .where('service', '=', service)
    .where('version', '=', version)
    .orderBy('seq');
export const contractByKey = (db: Db, key: string) =>
  db.selectFrom('contracts').selectAll().where('key', '=', key);

export const newestContracts = (db: Db, limit: number) =>
  db
    .selectFrom('contracts')
    .selectAll()
    .where('imported_at', '>=', 0)
    .orderBy('imported_at', 'desc')
    .limit(limit);
