/** What every store stands on: the database, tried again while it is busy, and the moments a test may look at. */

import { statSync } from 'node:fs';
import type { Kysely, Transaction, TransactionBuilder } from 'kysely';
import { DatabaseFault } from '../src/conductor/ports/faults.ts';
import { messageOf } from '../src/message-of.ts';
import type { Instant } from '../src/time.ts';
import { type BusyRetry, retryWhileBusy } from './busy-retry.ts';
import { KeptStates } from './kept-states.ts';
import type { Tables } from './schema.ts';
import type { Sealing } from './seal.ts';
import { UnsentMessages } from './unsent-messages.ts';

/** Moments of a commit, by name. A test that kills the process there proves that nothing is lost or doubled. */
export interface Hooks {
  point(name: string): void;
}

export interface Dialect {
  /** A unique column already holds the value. */
  isTaken(error: unknown, table: keyof Tables & string, column: string): boolean;
  /** Trouble with the file or the disk, by name. */
  faultOf(error: unknown): DatabaseFault | undefined;
}

export class Connection {
  readonly now: () => Instant;
  readonly dialect: Dialect;
  readonly hooks: Hooks | undefined;
  readonly sealing: Sealing;
  readonly kept = new KeptStates();
  readonly unsent = new UnsentMessages();
  readonly #db: Kysely<Tables>;
  readonly #busyRetry: BusyRetry;
  readonly #file: { path: string; inode: number | undefined } | undefined;
  #fault: DatabaseFault | undefined;

  constructor(parts: {
    db: Kysely<Tables>;
    dialect: Dialect;
    busyRetry: BusyRetry;
    now: () => Instant;
    hooks: Hooks | undefined;
    sealing?: Sealing;
    /** Where it is; unset where it is in memory. */
    file?: string | undefined;
  }) {
    this.#db = parts.db;
    this.#busyRetry = parts.busyRetry;
    this.#file = parts.file === undefined ? undefined : { path: parts.file, inode: inodeOf(parts.file) };
    this.now = parts.now;
    this.dialect = parts.dialect;
    this.hooks = parts.hooks;
    this.sealing = parts.sealing ?? {};
  }

  /** One statement. */
  run<T>(query: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.#named(() => retryWhileBusy(this.#busyRetry, () => query(this.#db)));
  }

  /** Several statements, all or none, and on the disk. `change` may run more than once, never partly. */
  transaction<T>(change: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#write(() => this.#db.transaction(), change);
  }

  /** As `transaction`, for what is found out once more after a power cut: nobody waits for the disk. */
  beside<T>(change: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#write(() => this.#db.transaction().setAccessMode('read write'), change);
  }

  async #write<T>(
    begin: () => TransactionBuilder<Tables>,
    change: (trx: Transaction<Tables>) => Promise<T>,
  ): Promise<T> {
    const done = await this.#named(() =>
      retryWhileBusy(this.#busyRetry, () => {
        this.#requireFile();
        return begin().execute(change);
      }),
    );
    this.#fault = undefined;
    return done;
  }

  /** Several questions answered from the same moment; writers do not wait for it. */
  snapshot<T>(read: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#named(() =>
      retryWhileBusy(this.#busyRetry, () => this.#db.transaction().setAccessMode('read only').execute(read)),
    );
  }

  /** Why nothing can be recorded now. After a fault one small write is tried, once, so that its end is seen. */
  async problem(): Promise<string | undefined> {
    try {
      this.#requireFile();
      await this.#db.selectFrom('checkpoint').select('id').where('id', '=', 1).executeTakeFirst();
      if (this.#fault === undefined) return undefined;
      await this.#db.updateTable('checkpoint').set({ id: 1 }).where('id', '=', 1).execute();
      this.#fault = undefined;
      return undefined;
    } catch (error) {
      return messageOf(this.dialect.faultOf(error) ?? error);
    }
  }

  close(): Promise<void> {
    return this.#db.destroy();
  }

  async #named<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const fault = this.dialect.faultOf(error);
      if (fault === undefined) throw error;
      this.#fault = fault;
      throw fault;
    }
  }

  /** A file that was deleted takes what is written until it is closed, and then nobody has it. */
  #requireFile(): void {
    if (this.#file === undefined) return;
    const there = statSync(this.#file.path, { throwIfNoEntry: false });
    if (there?.ino !== this.#file.inode) throw new DatabaseFault('missing', this.#file.path);
  }
}

const inodeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino;
