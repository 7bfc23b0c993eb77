/** Opens the database, brings its schema up to date, and hands out the stores. */

import type { AlertAnswerStore } from '../src/conductor/ports/alert-answer-store.ts';
import type { EventStore } from '../src/conductor/ports/event-store.ts';
import type { Stores } from '../src/conductor/ports/stores.ts';
import type { Proof, VerifiedRecord } from '../src/conductor/ports/verification.ts';
import type { Duration, Instant } from '../src/time.ts';
import { SqlAlertAnswers } from './alert-answers.ts';
import { SqlAutomaticNotices } from './automatic-notices.ts';
import { type BusyRetry, realWait, retryWhileBusy } from './busy-retry.ts';
import { SqlCalendar } from './calendar.ts';
import { SqlCharts } from './charts.ts';
import { Connection, type Hooks } from './connection.ts';
import { SqlContracts } from './contracts.ts';
import { SqlEffectQueue } from './effect-queue.ts';
import { SqlEventStore } from './event-store.ts';
import { type Exported, type ExportedEntry, exportRecord } from './export.ts';
import { SqlLiveMessages } from './live-messages.ts';
import { migrate, requireSchema } from './migrate.ts';
import { migrations } from './migrations/registry.ts';
import { SqlPeopleCache } from './people-cache.ts';
import { prune } from './prune.ts';
import { refold } from './refold.ts';
import { SqlReleases } from './releases.ts';
import type { Tables } from './schema.ts';
import { type Sealing, seal } from './seal.ts';
import { SqlSignatures } from './signatures.ts';
import {
  BUSY_TIMEOUT_MS,
  contentOf,
  faultOf,
  IN_MEMORY,
  isBusy,
  isTaken,
  openSqlite,
  openSqliteToRead,
  sqliteDdl,
} from './sqlite.ts';
import { verifyEverything } from './verify.ts';

export interface OpenOptions {
  /** A path, made where it is missing, or `:memory:`. */
  file: string;
  /** How long SQLite itself waits for a lock; meanwhile the whole process stands still. */
  busyTimeoutMs?: Duration;
  /** For when something was done or given up; the system's clock unless told. */
  now?: () => Instant;
  /** How to wait between two tries on a busy database. */
  wait?: BusyRetry['wait'];
  /** What seals the record; without it the record has hashes only (AU-7). */
  keys?: Sealing['keys'];
  /** Told where a key begins, ends, changes, or does not fit what it should have sealed. */
  onKeyChange?: Sealing['onKeyChange'];
  /** Told of the moments before and after each commit. */
  hooks?: Hooks;
}

/** An empty record in memory, as the first of the process was migrated: each further one begins there. */
let migrated: Buffer | undefined;

/** Throws `DatabaseTooNew` for a database of a later version, which it leaves as it is. */
export async function openDatabase(options: OpenOptions): Promise<Stores> {
  const tryCosts = options.busyTimeoutMs ?? BUSY_TIMEOUT_MS;
  const busyRetry: BusyRetry = { isBusy, wait: options.wait ?? realWait, random: Math.random, tryCosts };
  const begin = options.file === IN_MEMORY ? migrated : undefined;
  const db = await retryWhileBusy(busyRetry, async () =>
    openSqlite<Tables>(options.file, tryCosts, begin),
  ).catch(named);
  try {
    if (begin === undefined) await retryWhileBusy(busyRetry, () => migrate(db, migrations(sqliteDdl)));
    if (options.file === IN_MEMORY) migrated ??= contentOf(db);
    const sealing: Sealing = { keys: options.keys, onKeyChange: options.onKeyChange };
    const connection = new Connection({
      db,
      dialect: { isTaken, faultOf },
      busyRetry,
      now: options.now ?? Date.now,
      hooks: options.hooks,
      sealing,
      file: options.file === IN_MEMORY ? undefined : options.file,
    });
    // A key that is new, or gone, or does not fit is sealed now: not with the first change, which may be long in coming.
    await connection.transaction((trx) => seal(trx, sealing, []));
    return storesOn(connection);
  } catch (error) {
    await db.destroy();
    return named(error);
  }
}

function named(error: unknown): never {
  throw faultOf(error) ?? error;
}

/** The record for an auditor: opened to be read only. `DatabaseTooOld` and `DatabaseTooNew` where it is of another version. */
export async function openToRead(file: string): Promise<RecordReader> {
  const busyRetry: BusyRetry = { isBusy, wait: realWait, random: Math.random, tryCosts: BUSY_TIMEOUT_MS };
  const db = openSqliteToRead<Tables>(file);
  try {
    await retryWhileBusy(busyRetry, () => requireSchema(db, migrations(sqliteDdl)));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const connection = new Connection({
    db,
    dialect: { isTaken, faultOf },
    busyRetry,
    now: Date.now,
    hooks: undefined,
  });
  return {
    verify: (proof) => verifyEverything(connection, proof),
    export: (which) => exportRecord(connection, which),
    alerts: new SqlAlertAnswers(connection),
    events: new SqlEventStore(connection),
    close: () => connection.close(),
  };
}

export interface RecordReader {
  verify(proof: Proof): Promise<VerifiedRecord>;
  export(which: Exported): AsyncGenerator<ExportedEntry>;
  alerts: Pick<AlertAnswerStore, 'suspected'>;
  /** Whoever only reads. */
  events: Pick<EventStore, 'load' | 'list' | 'started' | 'events' | 'looks'>;
  close(): Promise<void>;
}

/** The stores over a database whose schema is up to date. */
export function storesOn(connection: Connection): Stores {
  return {
    alerts: new SqlAlertAnswers(connection),
    automaticNotices: new SqlAutomaticNotices(connection),
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
    refold: (how) => refold(connection, how),
    problem: () => connection.problem(),
    close: () => connection.close(),
  };
}
