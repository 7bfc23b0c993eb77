/** Everything that is true of SQLite only: how a file is opened, what its errors mean, its triggers. */

import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import SQLite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  DefaultConnectionProvider,
  Kysely,
  type LimitNode,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  SqliteQueryCompiler,
  sql,
  type TransactionSettings,
} from 'kysely';
import { DatabaseFault, type DatabaseFaultKind } from '../src/conductor/ports/faults.ts';
import type { Ddl } from './ddl.ts';
import { EventLoopTurns } from './event-loop-turns.ts';
import { ImmediateExecutor } from './immediate-executor.ts';

export const IN_MEMORY = ':memory:';

/** Short, because a wait inside SQLite stops the whole process; busy-retry.ts waits longer without stopping it. */
export const BUSY_TIMEOUT_MS = 250;

/**
 * A transaction is on the disk before it is acknowledged, with all that was written before it. A statement by itself is
 * not, nor is a look that changes nothing: those say where a message stands, or when to look again, which is found out
 * once more after a power cut. Waiting for the disk took most of the time of a click (see bench/record).
 */
const BESIDE_THE_RECORD = 'pragma synchronous = normal';

/**
 * A transaction that may write takes the write lock when it begins. One that reads first and writes later could
 * otherwise find, half-way, that another process wrote in between, which no waiting repairs.
 */
class ImmediateDriver extends SqliteDriver {
  readonly #database: SQLite.Database;
  readonly #turns: EventLoopTurns;
  #ready: Promise<void> | undefined;

  constructor(database: SQLite.Database, turns: EventLoopTurns) {
    super({ database });
    this.#database = database;
    this.#turns = turns;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#ready ??= this.init();
    await this.#ready;
    return super.acquireConnection();
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings?: TransactionSettings,
  ): Promise<void> {
    const mode = settings?.accessMode;
    // One that says how it works is not of the record: it reads, or it writes beside it.
    if (mode === undefined) this.#database.exec('pragma synchronous = full');
    await connection.executeQuery(CompiledQuery.raw(mode === 'read only' ? 'begin' : 'begin immediate'));
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    this.#database.exec(BESIDE_THE_RECORD);
  }

  /** A full disk makes SQLite take the transaction back by itself; a second time would hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
    this.#database.exec(BESIDE_THE_RECORD);
  }

  /** Whoever waits for the connection goes on in the same turn. */
  override async releaseConnection(): Promise<void> {
    if (this.#turns.isDue()) await this.#turns.pass();
    await super.releaseConnection();
  }

  /** Also where nothing ever waited for it. */
  override async destroy(): Promise<void> {
    this.#database.close();
  }
}

/** SQLite can take back its DDL; kysely's own adapter says it cannot, which would leave half a migration behind. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * SQLite plans for the limit that it is given: where that is a parameter, each run plans anew, which takes several times
 * what a small statement does. Hidden in an expression it is read when it is needed.
 */
class OncePlanned extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    this.append('limit +');
    this.visitNode(node.limit);
  }
}

class RecordDialect extends SqliteDialect {
  override createQueryCompiler(): SqliteQueryCompiler {
    return new OncePlanned();
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalDdlAdapter();
  }
}

/** What lies below each that is open. */
const databases = new WeakMap<object, SQLite.Database>();

function kyselyOn<T>(database: SQLite.Database): Kysely<T> {
  const dialect = new RecordDialect({ database });
  const turns = new EventLoopTurns();
  const driver = new ImmediateDriver(database, turns);
  const parts = {
    database,
    turns,
    compiler: dialect.createQueryCompiler(),
    adapter: dialect.createAdapter(),
  };
  const executor = new ImmediateExecutor(parts, new DefaultConnectionProvider(driver));
  const db = new Kysely<T>({ config: { dialect }, dialect, driver, executor });
  databases.set(db, database);
  return db;
}

/** All that is in it, for another in memory to begin with. */
export function contentOf<T>(db: Kysely<T>): Buffer | undefined {
  return databases.get(db)?.serialize();
}

/**
 * Opens the file, which only its owner may read or write, and makes it and its folder where they are missing. One in
 * memory may begin with what another had in it.
 */
export function openSqlite<T>(
  file: string,
  busyTimeoutMs: number = BUSY_TIMEOUT_MS,
  content?: Buffer,
): Kysely<T> {
  if (file !== IN_MEMORY) keepPrivate(file);
  const database = new SQLite(content ?? file, { timeout: busyTimeoutMs });
  try {
    database.pragma('journal_mode = WAL');
    database.exec(BESIDE_THE_RECORD);
    database.pragma('foreign_keys = ON');
  } catch (error) {
    database.close();
    if (error instanceof SQLite.SqliteError && error.code === 'SQLITE_NOTADB') {
      throw new DatabaseFault('damaged', `${file} is not a GoNoGo database`, { cause: error });
    }
    throw error;
  }
  return kyselyOn<T>(keepPrepared(database));
}

/** Statements that are kept ready; what is asked again and again is a few dozen texts. */
const MAX_PREPARED = 300;

/** Preparing a statement costs as much as running a small one, and the same few are run all day. */
function keepPrepared(database: SQLite.Database): SQLite.Database {
  const prepare = database.prepare.bind(database);
  const ready = new Map<string, SQLite.Statement>();
  database.prepare = ((text: string) => {
    const kept = ready.get(text);
    if (kept !== undefined) return kept;
    const statement = prepare(text);
    // The oldest makes room: texts with a list in them come in many lengths.
    const [oldest] = ready.keys();
    if (ready.size >= MAX_PREPARED && oldest !== undefined) ready.delete(oldest);
    ready.set(text, statement);
    return statement;
  }) as typeof database.prepare;
  return database;
}

/** For whoever only reads: nothing is made, changed or migrated. Throws where the file is not there. */
export function openSqliteToRead<T>(file: string, busyTimeoutMs: number = BUSY_TIMEOUT_MS): Kysely<T> {
  const database = new SQLite(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  return kyselyOn<T>(database);
}

/** The write-ahead log and its index, which SQLite makes beside the file, take over its mode. */
function keepPrivate(file: string): void {
  mkdirSync(dirname(resolve(file)), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

const BY_CODE: [RegExp, DatabaseFaultKind][] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'full'],
  [/^(SQLITE_BUSY|SQLITE_LOCKED)/, 'locked'],
  [/^(SQLITE_CORRUPT|SQLITE_NOTADB|EISDIR)/, 'damaged'],
  [/^(SQLITE_READONLY_DBMOVED|SQLITE_CANTOPEN|ENOENT|ENOTDIR)/, 'missing'],
  [/^(SQLITE_READONLY|SQLITE_PERM|EACCES|EPERM|EROFS)/, 'read_only'],
  [/^(SQLITE_IOERR|EIO)/, 'unreadable'],
];

/** Trouble with the file or the disk, by name; undefined for a fault of our own. */
export function faultOf(error: unknown): DatabaseFault | undefined {
  if (error instanceof DatabaseFault) return error;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const { code } = error;
  const kind = BY_CODE.find(([pattern]) => pattern.test(code))?.[1];
  return kind && new DatabaseFault(kind, code, { cause: error });
}

/** Another connection holds the lock: the same call may succeed a moment later. */
export function isBusy(error: unknown): boolean {
  return error instanceof SQLite.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
}

/** SQLite names the columns of a broken constraint in its message and nowhere else. */
export function isTaken(error: unknown, table: string, column: string): boolean {
  return (
    error instanceof SQLite.SqliteError &&
    error.code === 'SQLITE_CONSTRAINT_UNIQUE' &&
    error.message.endsWith(`: ${table}.${column}`)
  );
}

export const sqliteDdl: Ddl = {
  bigint: 'integer',
  tableSuffix: sql`strict`,
  async makeEventsAppendOnly(db) {
    await sql`create trigger events_are_never_changed before update on events
      begin select raise(abort, 'events are append-only: none is ever changed'); end`.execute(db);
    await sql`create trigger events_are_never_deleted before delete on events
      begin select raise(abort, 'events are append-only: none is ever deleted'); end`.execute(db);
    // This one also stops INSERT OR REPLACE, which deletes without asking the trigger above.
    await sql`create trigger events_have_no_gap before insert on events
      when new.seq is not (select coalesce(max(seq), 0) + 1 from events where deployment = new.deployment)
      begin select raise(abort, 'events are append-only: their numbers follow each other'); end`.execute(db);
  },
  async makeAppendOnly(db, table, key = 'seq') {
    const [rows, says] = [sql.table(table), sql.lit(`${table} is append-only`)];
    const number = sql.id(key);
    for (const verb of ['update', 'delete'] as const) {
      await sql`create trigger ${sql.id(`${table}_no_${verb}`)} before ${sql.raw(verb)} on ${rows}
        begin select raise(abort, ${says}); end`.execute(db);
    }
    // Also stops INSERT OR REPLACE, which deletes without asking the trigger above.
    await sql`create trigger ${sql.id(`${table}_no_gap`)} before insert on ${rows}
      when new.${number} is not (select coalesce(max(${number}), 0) + 1 from ${rows})
      begin select raise(abort, ${says}); end`.execute(db);
  },
  async makeLasting(db, table, { key, lasting, once = [] }) {
    const [rows, says] = [sql.table(table), sql.lit(`${table}: what was written stays`)];
    const differs = (column: string) => sql`new.${sql.id(column)} is not old.${sql.id(column)}`;
    const changes = [
      ...[...key, ...lasting].map(differs),
      ...once.map((column) => sql`(old.${sql.id(column)} is not null and ${differs(column)})`),
    ];
    const isThere = key.map((column) => sql`${sql.id(column)} = new.${sql.id(column)}`);
    await sql`create trigger ${sql.id(`${table}_no_delete`)} before delete on ${rows}
      begin select raise(abort, ${says}); end`.execute(db);
    await sql`create trigger ${sql.id(`${table}_no_change`)} before update on ${rows}
      when ${sql.join(changes, sql` or `)} begin select raise(abort, ${says}); end`.execute(db);
    // Also stops INSERT OR REPLACE, which deletes without asking the trigger above.
    await sql`create trigger ${sql.id(`${table}_no_second`)} before insert on ${rows}
      when exists (select 1 from ${rows} where ${sql.join(isThere, sql` and `)})
      begin select raise(abort, ${says}); end`.execute(db);
  },
};
