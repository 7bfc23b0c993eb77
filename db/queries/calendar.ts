/** Freezes and locks that stand, and what people have to be told of them. */

import type { Instant } from '../../src/time.ts';
import type { Db } from '../schema.ts';

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
