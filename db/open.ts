/** Opens the database, brings its schema up to date, and hands out the stores. */

import type { Stores } from '../src/conductor/ports.ts';
import type { Duration, Instant } from '../src/time.ts';
import { SqlAlertAnswers } from './alert-answers.ts';
import { SqlCalendar } from './calendar.ts';
import { SqlCharts } from './charts.ts';
import { Connection, type Hooks } from './connection.ts';
import { SqlContracts } from './contracts.ts';
import { SqlEffectQueue } from './effect-queue.ts';
import { SqlEventStore } from './event-store.ts';
import { SqlLiveMessages } from './live-messages.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/registry.ts';
import { type Patience, patiently, realWait } from './patience.ts';
import { SqlPeopleCache } from './people-cache.ts';
import { prune } from './prune.ts';
import { SqlReleases } from './releases.ts';
import type { Tables } from './schema.ts';
import { SqlSignatures } from './signatures.ts';
import { BUSY_TIMEOUT_MS, isBusy, isTaken, openSqlite, sqliteDdl } from './sqlite.ts';

export interface OpenOptions {
  /** A path, made where it is missing, or `:memory:`. */
  file: string;
  /** How long SQLite itself waits for a lock; meanwhile the whole process stands still. */
  busyTimeoutMs?: Duration;
  /** For when something was done or given up; the system's clock unless told. */
  now?: () => Instant;
  /** How to wait between two tries on a busy database. */
  wait?: Patience['wait'];
  /** Told of the moments before and after each commit. */
  hooks?: Hooks;
}

/** Throws `DatabaseTooNew` for a database of a later version, which it leaves as it is. */
export async function openDatabase(options: OpenOptions): Promise<Stores> {
  const tryCosts = options.busyTimeoutMs ?? BUSY_TIMEOUT_MS;
  const patience: Patience = { isBusy, wait: options.wait ?? realWait, random: Math.random, tryCosts };
  const db = await patiently(patience, async () => openSqlite<Tables>(options.file, tryCosts));
  try {
    await patiently(patience, () => migrate(db, migrations(sqliteDdl)));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return storesOn(
    new Connection({
      db,
      dialect: { isTaken },
      patience,
      now: options.now ?? Date.now,
      hooks: options.hooks,
    }),
  );
}

/** The stores over a database whose schema is up to date. */
export function storesOn(connection: Connection): Stores {
  return {
    alerts: new SqlAlertAnswers(connection),
    events: new SqlEventStore(connection),
    calendar: new SqlCalendar(connection),
    effects: new SqlEffectQueue(connection),
    messages: new SqlLiveMessages(connection),
    charts: new SqlCharts(connection),
    contracts: new SqlContracts(connection),
    people: new SqlPeopleCache(connection),
    releases: new SqlReleases(connection),
    signatures: new SqlSignatures(connection),
    prune: (now) => prune(connection, now),
    close: () => connection.close(),
  };
}
