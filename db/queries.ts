/** The statements that run often, apart from what is done with their rows; each is served by one index. */

import type { Kysely } from 'kysely';
import type { Status } from '../src/deployment/lifecycle.ts';
import type { Instant } from '../src/time.ts';
import type { Tables } from './schema.ts';

type Db = Kysely<Tables>;

const STATE = ['id', 'seq', 'state'] as const;

export const nextNumber = (db: Db, name: 'deployment' | 'freeze' | 'lock' | 'calendar_log' = 'deployment') =>
  db
    .updateTable('sequences')
    .set((eb) => ({ last: eb('last', '+', 1) }))
    .where('name', '=', name)
    .returning('last');

export const byId = (db: Db, id: string) => db.selectFrom('deployments').select(STATE).where('id', '=', id);

export const occupant = (db: Db, place: string) =>
  db.selectFrom('deployments').select(STATE).where('occupies', '=', place);

export const eventsFrom = (db: Db, id: string, fromSeq: number) =>
  db.selectFrom('events').selectAll().where('deployment', '=', id).where('seq', '>=', fromSeq).orderBy('seq');

export const snooze = (db: Db, id: string, seq: number, wakeAt: Instant) =>
  db.updateTable('deployments').set({ wake_at: wakeAt }).where('id', '=', id).where('seq', '=', seq);

export const due = (db: Db, now: Instant, limit: number) =>
  db.selectFrom('deployments').select('id').where('wake_at', '<=', now).orderBy('wake_at').limit(limit);

export const nextWake = (db: Db) =>
  db.selectFrom('deployments').select('wake_at as at').where('wake_at', '>=', 0).orderBy('wake_at').limit(1);

export const latest = (db: Db) =>
  db.selectFrom('events').select('at').where('at', '>=', 0).orderBy('at', 'desc').limit(1);

export const readyEffects = (db: Db, now: Instant, limit: number) =>
  db
    .selectFrom('effects')
    .select(['key', 'deployment', 'effect', 'attempts'])
    .where('next_at', '<=', now)
    .orderBy('rank')
    .orderBy('created_at')
    .orderBy('seq')
    .orderBy('ordinal')
    .limit(limit);

export const nextEffect = (db: Db) =>
  db.selectFrom('effects').select('next_at as at').where('next_at', '>=', 0).orderBy('next_at').limit(1);

export const staleMessages = (db: Db, now: Instant, limit: number) =>
  db
    .selectFrom('live_messages')
    .selectAll()
    .where('next_at', '<=', now)
    .orderBy('rank')
    .orderBy('since_seq')
    .orderBy('deployment')
    .limit(limit);

export const messageByKey = (db: Db, deployment: string, key: string) =>
  db.selectFrom('live_messages').selectAll().where('deployment', '=', deployment).where('key', '=', key);

export const messageAt = (db: Db, channel: string, ts: string) =>
  db.selectFrom('live_messages').selectAll().where('channel', '=', channel).where('ts', '=', ts);

export const nextMessage = (db: Db) =>
  db
    .selectFrom('live_messages')
    .select('next_at as at')
    .where('next_at', '>=', 0)
    .orderBy('next_at')
    .limit(1);

export const dueCharts = (db: Db, now: Instant, limit: number) =>
  db.selectFrom('charts').selectAll().where('next_at', '<=', now).orderBy('next_at').limit(limit);

export const chartOf = (db: Db, deployment: string, stage: number) =>
  db.selectFrom('charts').selectAll().where('deployment', '=', deployment).where('stage', '=', stage);

export const nextChart = (db: Db) =>
  db.selectFrom('charts').select('next_at as at').where('next_at', '>=', 0).orderBy('next_at').limit(1);

export const cachedPerson = (db: Db, id: string) =>
  db.selectFrom('people_cache').select(['json', 'fetched_at']).where('id', '=', id);

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

export const calendarLog = (db: Db, limit: number) =>
  db.selectFrom('calendar_log').selectAll().where('seq', '>', 0).orderBy('seq', 'desc').limit(limit);

/** Those that have not started look at the calendar again, now. */
export const wakeNotStarted = (db: Db, statuses: readonly Status[], at: Instant) =>
  db.updateTable('deployments').set({ wake_at: at }).where('status', 'in', statuses);

export const contractByKey = (db: Db, key: string) =>
  db.selectFrom('contracts').selectAll().where('key', '=', key);

export const newestContracts = (db: Db, limit: number) =>
  db
    .selectFrom('contracts')
    .selectAll()
    .where('imported_at', '>=', 0)
    .orderBy('imported_at', 'desc')
    .limit(limit);
