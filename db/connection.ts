/** What every store stands on: the database, tried with patience, and the moments a test may look at. */

import type { Kysely, Transaction } from 'kysely';
import type { Instant } from '../src/time.ts';
import { type Patience, patiently } from './patience.ts';
import type { Tables } from './schema.ts';
import type { Sealing } from './seal.ts';

/** Moments of a commit, by name. A test that kills the process there proves that nothing is lost or doubled. */
export interface Hooks {
  point(name: string): void;
}

export interface Dialect {
  /** A unique column already holds the value. */
  isTaken(error: unknown, table: keyof Tables & string, column: string): boolean;
}

export class Connection {
  readonly now: () => Instant;
  readonly dialect: Dialect;
  readonly hooks: Hooks | undefined;
  readonly sealing: Sealing;
  readonly #db: Kysely<Tables>;
  readonly #patience: Patience;

  constructor(parts: {
    db: Kysely<Tables>;
    dialect: Dialect;
    patience: Patience;
    now: () => Instant;
    hooks: Hooks | undefined;
    sealing?: Sealing;
  }) {
    this.#db = parts.db;
    this.#patience = parts.patience;
    this.now = parts.now;
    this.dialect = parts.dialect;
    this.hooks = parts.hooks;
    this.sealing = parts.sealing ?? {};
  }

  /** One statement. */
  run<T>(query: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return patiently(this.#patience, () => query(this.#db));
  }

  /** Several statements, all or none. `change` may run more than once, never partly. */
  transaction<T>(change: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
    return patiently(this.#patience, () => this.#db.transaction().execute(change));
  }

  /** Several questions answered from the same moment; writers do not wait for it. */
  snapshot<T>(read: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
    return patiently(this.#patience, () => this.#db.transaction().setAccessMode('read only').execute(read));
  }

  close(): Promise<void> {
    return this.#db.destroy();
  }
}
