/** Freezes and locks as people left them; every change is logged and wakes what it may concern, in one transaction. */

import type { Insertable, Selectable, Transaction } from 'kysely';
import type { CalendarNotice } from '../src/conductor/calendar-notices.ts';
import type { CalendarEntry, CalendarStore } from '../src/conductor/ports/calendar-store.ts';
import { defined } from '../src/defined.ts';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import type { Freeze, FreezeNotice } from '../src/policy/calendar/freezes.ts';
import type { Lock, LockNotice } from '../src/policy/calendar/locks.ts';
import type { Scope } from '../src/policy/calendar/scope.ts';
import type { PersonRef } from '../src/terms/person.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import * as queries from './queries/calendar.ts';
import { wakeNotStarted } from './queries/deployments.ts';
import { nextNumber } from './queries/sequences.ts';
import { AT_ONCE, type FreezesTable, type LocksTable, type Tables } from './schema.ts';
import { type Change, rowChange, seal } from './seal.ts';

type Trx = Transaction<Tables>;
type NewFreeze = Omit<Freeze, 'id' | 'by'> & { by: PersonRef };

export class SqlCalendar implements CalendarStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  standing(now: Instant): Promise<{ freezes: Freeze[]; locks: Lock[] }> {
    return this.#connection.snapshot(async (db) => ({
      freezes: (await queries.standingFreezes(db, now).execute()).map(freezeOf),
      locks: (await queries.standingLocks(db, now).execute()).map(lockOf),
    }));
  }

  freeze(asked: NewFreeze, at: Instant): Promise<Freeze> {
    return this.#connection.transaction(async (trx) => {
      const freeze: Freeze = { ...asked, id: await numbered(trx, 'freeze', 'F') };
      const row = await trx
        .insertInto('freezes')
        .values(freezeRow(freeze, asked.by))
        .returningAll()
        .executeTakeFirstOrThrow();
      await this.#changed(trx, rowChange('freeze', freeze.id, 1, row), {
        at,
        by: asked.by,
        what: 'frozen',
        subject: freeze.id,
        why: freeze.reason,
        body: freeze,
      });
      return freeze;
    });
  }

  lift(id: string, by: PersonRef, why: string, at: Instant): Promise<boolean> {
    return this.#connection.transaction(async (trx) => {
      const row = await trx
        .updateTable('freezes')
        .set({
          lifted_at: at,
          lifted_by: canonicalJson(by),
          lifted_why: why,
          notice_at: AT_ONCE,
        })
        .where('id', '=', id)
        .where('lifted_at', 'is', null)
        .where('until_at', '>', at)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return false;
      const lifted = rowChange('freeze', id, 2, row);
      await this.#changed(trx, lifted, { at, by, what: 'lifted', subject: id, why, body: freezeOf(row) });
      return true;
    });
  }

  lock(
    asked: Omit<Lock, 'id'>,
    ending: readonly string[],
  ): Promise<{ ok: true; lock: Lock; ended: Lock[] } | { ok: false; inTheWay: Lock }> {
    return this.#connection.transaction(async (trx) => {
      const there = await locksMeeting(trx, asked);
      const ended = there.filter(({ id }) => ending.includes(id));
      // One's own that the new one does not cover stands beside it.
      const inTheWay = there.find(({ id, holder }) => !ending.includes(id) && holder.id !== asked.holder.id);
      if (inTheWay !== undefined) return { ok: false, inTheWay };
      for (const old of ended) {
        const own = old.holder.id === asked.holder.id;
        await this.#endLock(trx, old, own ? 'released' : 'taken_over', {
          by: asked.holder,
          at: asked.from,
          why: asked.reason,
        });
      }
      const lock: Lock = { ...asked, id: await numbered(trx, 'lock', 'L') };
      const row = await trx
        .insertInto('locks')
        .values(lockRow(lock))
        .returningAll()
        .executeTakeFirstOrThrow();
      const { holder: by, from: at, reason: why } = lock;
      const taken = rowChange('lock', lock.id, 1, row);
      await this.#changed(trx, taken, { at, by, what: 'locked', subject: lock.id, why, body: lock });
      return { ok: true, lock, ended };
    });
  }

  release(id: string, by: PersonRef, at: Instant): Promise<boolean> {
    return this.#connection.transaction(async (trx) => {
      const row = await trx.selectFrom('locks').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined || row.ended_at !== null || row.until_at <= at) return false;
      await this.#endLock(trx, lockOf(row), 'released', { by, at, why: '' });
      return true;
    });
  }

  async notices(now: Instant, limit: number): Promise<CalendarNotice[]> {
    const [locks, freezes] = await this.#connection.snapshot(async (db) => [
      await queries.lockNotices(db, now, limit).execute(),
      await queries.freezeNotices(db, now, limit).execute(),
    ]);
    return [...freezes.map(freezeNoticeOf), ...locks.map(noticeOf)].slice(0, limit);
  }

  async nextNoticeAt(): Promise<Instant | undefined> {
    const rows = await this.#connection.snapshot(async (db) => [
      await queries.nextLockNotice(db).executeTakeFirst(),
      await queries.nextFreezeNotice(db).executeTakeFirst(),
    ]);
    const times = rows.flatMap((row) => row?.at ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  told(id: string, at: Instant): Promise<void> {
    return this.#connection.transaction(async (trx) => {
      if (isFreeze(id)) {
        await trx.updateTable('freezes').set({ notice_at: null }).where('id', '=', id).execute();
        return;
      }
      const row = await trx
        .updateTable('locks')
        .set({ notice_at: null })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined || row.ended_at !== null || row.until_at > at) return;
      const over = await trx
        .updateTable('locks')
        .set({ ended_at: row.until_at, ended: 'expired' })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      const by = { kind: 'system', name: 'clock' } as const;
      const expired = rowChange('lock', id, 2, over);
      await this.#log(trx, expired, { at, by, what: 'expired', subject: id, why: '', body: lockOf(row) });
    });
  }

  async postponeNotice(id: string, at: Instant): Promise<void> {
    await this.#connection.transaction((db) =>
      db
        .updateTable(isFreeze(id) ? 'freezes' : 'locks')
        .set({ notice_at: at })
        .where('id', '=', id)
        .execute(),
    );
  }

  async log(limit: number): Promise<CalendarEntry[]> {
    const rows = await this.#connection.run((db) => queries.calendarLog(db, limit).execute());
    return rows.map((row) => ({
      ...row,
      what: row.what as CalendarEntry['what'],
      by: JSON.parse(row.by) as CalendarEntry['by'],
      body: JSON.parse(row.body) as unknown,
    }));
  }

  async #endLock(
    trx: Trx,
    lock: Lock,
    how: 'released' | 'taken_over',
    { by, at, why }: { by: PersonRef; at: Instant; why: string },
  ): Promise<void> {
    const row = await trx
      .updateTable('locks')
      .set({
        ended_at: at,
        ended: how,
        ended_by: canonicalJson(by),
        // Whoever gives their own lock back knows it.
        notice_at: by.id === lock.holder.id ? null : AT_ONCE,
      })
      .where('id', '=', lock.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const ended = rowChange('lock', lock.id, 2, row);
    await this.#changed(trx, ended, { at, by, what: how, subject: lock.id, why, body: lock });
  }

  async #changed(trx: Trx, change: Change, { by, ...entry }: NewEntry): Promise<void> {
    await this.#log(trx, change, { ...entry, by: { kind: 'person', id: by.id, name: by.name } });
    await wakeNotStarted(trx, [...NOT_STARTED], AT_ONCE).execute();
  }

  /** The entry and the freeze or lock that it is about are sealed together. */
  async #log(trx: Trx, change: Change, entry: Omit<CalendarEntry, 'seq'>): Promise<void> {
    const { last: seq } = await nextNumber(trx, 'calendar_log').executeTakeFirstOrThrow();
    const row = await trx
      .insertInto('calendar_log')
      .values({ ...entry, seq, by: canonicalJson(entry.by), body: canonicalJson(entry.body) })
      .returningAll()
      .executeTakeFirstOrThrow();
    await seal(trx, this.#connection.sealing, [change, rowChange('calendar', '', seq, row)]);
  }
}

type NewEntry = Omit<CalendarEntry, 'seq' | 'by'> & { by: PersonRef };

/** Two locks meet where some place would have both. */
async function locksMeeting(
  trx: Trx,
  { service, environment, from }: Pick<Lock, 'service' | 'environment' | 'from'>,
): Promise<Lock[]> {
  const standing = (await queries.standingLocks(trx, from).execute()).map(lockOf);
  return standing.filter(
    (lock) =>
      lock.service === service &&
      (lock.environment === undefined || environment === undefined || lock.environment === environment),
  );
}

async function numbered(trx: Trx, name: 'freeze' | 'lock', letter: string): Promise<string> {
  const { last } = await nextNumber(trx, name).executeTakeFirstOrThrow();
  return `${letter}-${last}`;
}

function freezeRow(freeze: Freeze, by: PersonRef): Insertable<FreezesTable> {
  const { services, environments } = freeze;
  return {
    id: freeze.id,
    scope: canonicalJson({
      ...defined({ services, environments }),
    }),
    reason: freeze.reason,
    from_at: freeze.from,
    until_at: freeze.until,
    overrides: canonicalJson(freeze.overrides),
    by: canonicalJson(by),
    notice_at: AT_ONCE,
  };
}

/** Our own text, written in the same shape: its outline is not described a second time (see `stateOf`). */
function freezeOf(row: Selectable<FreezesTable>): Freeze {
  return {
    ...(JSON.parse(row.scope) as Scope),
    id: row.id,
    reason: row.reason,
    from: row.from_at,
    until: row.until_at,
    overrides: JSON.parse(row.overrides) as string[],
    by: JSON.parse(row.by) as PersonRef,
  };
}

function lockRow(lock: Lock): Insertable<LocksTable> {
  return {
    id: lock.id,
    service: lock.service,
    environment: lock.environment ?? null,
    holder: canonicalJson(lock.holder),
    reason: lock.reason,
    from_at: lock.from,
    until_at: lock.until,
    // A forgetful holder is told that it is over.
    notice_at: lock.until,
  };
}

function lockOf(row: Selectable<LocksTable>): Lock {
  return {
    id: row.id,
    service: row.service,
    ...(row.environment === null ? {} : { environment: row.environment }),
    holder: JSON.parse(row.holder) as PersonRef,
    reason: row.reason,
    from: row.from_at,
    until: row.until_at,
  };
}

const isFreeze = (id: string): boolean => id.startsWith('F-');

function freezeNoticeOf(row: Selectable<FreezesTable>): FreezeNotice {
  const freeze = { ...freezeOf(row), by: JSON.parse(row.by) as PersonRef };
  if (row.lifted_by === null) return { freeze };
  return { freeze, lifted: { by: JSON.parse(row.lifted_by) as PersonRef, why: row.lifted_why ?? '' } };
}

function noticeOf(row: Selectable<LocksTable>): LockNotice {
  const lock = lockOf(row);
  if ((row.ended !== 'released' && row.ended !== 'taken_over') || row.ended_by === null) return { lock };
  return { lock, ended: { how: row.ended, by: JSON.parse(row.ended_by) as PersonRef } };
}
