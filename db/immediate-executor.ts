/**
 * Runs a statement as soon as it is asked for: SQLite answers without leaving this thread, and the way through the queue
 * of a pool, made for servers, takes more than twice what a small statement does (see bench/record). A statement waits
 * for its turn only while somebody's transaction is open, which it is no part of.
 */

import type SQLite from 'better-sqlite3';
import {
  type CompiledQuery,
  type ConnectionProvider,
  DefaultQueryExecutor,
  type DialectAdapter,
  type QueryCompiler,
  type QueryResult,
} from 'kysely';
import type { EventLoopTurns } from './event-loop-turns.ts';

export interface ImmediateParts {
  database: SQLite.Database;
  compiler: QueryCompiler;
  adapter: DialectAdapter;
  turns: EventLoopTurns;
}

/** For statements by themselves. */
export class ImmediateExecutor extends DefaultQueryExecutor {
  readonly #parts: ImmediateParts;

  constructor(parts: ImmediateParts, queue: ConnectionProvider) {
    super(parts.compiler, parts.adapter, queue);
    this.#parts = parts;
  }

  override async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { database, turns } = this.#parts;
    while (turns.isDue()) await turns.pass();
    return database.inTransaction ? super.executeQuery<R>(query) : runOn<R>(database, query);
  }

  override withConnectionProvider(held: ConnectionProvider): DefaultQueryExecutor {
    return new HeldExecutor(this.#parts, held);
  }
}

/** For the statements of whoever holds the connection: those of a transaction. */
class HeldExecutor extends DefaultQueryExecutor {
  readonly #parts: ImmediateParts;

  constructor(parts: ImmediateParts, held: ConnectionProvider) {
    super(parts.compiler, parts.adapter, held);
    this.#parts = parts;
  }

  override async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return runOn<R>(this.#parts.database, query);
  }

  override withConnectionProvider(held: ConnectionProvider): DefaultQueryExecutor {
    return new HeldExecutor(this.#parts, held);
  }
}

function runOn<R>(database: SQLite.Database, { sql, parameters }: CompiledQuery): QueryResult<R> {
  const statement = database.prepare<unknown[], R>(sql);
  if (statement.reader) return { rows: statement.all(parameters) };
  const { changes, lastInsertRowid } = statement.run(parameters);
  return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] };
}
