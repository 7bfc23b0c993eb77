/** What differs between databases when tables are made; one object per database. */

import type { Kysely, RawBuilder } from 'kysely';

export interface Ddl {
  /** A whole number of 64 bits. */
  bigint: 'integer' | 'bigint';
  /** Written after a table's closing bracket. */
  tableSuffix: RawBuilder<unknown>;
  /** Makes the database itself refuse to change or delete a row of `events`, and to leave a gap in their numbers. */
  makeEventsAppendOnly(db: Kysely<unknown>): Promise<void>;
  /** Makes the database itself refuse to change or delete a row of a table whose key is `seq` (or `key`), or to use a number again. */
  makeAppendOnly(db: Kysely<unknown>, table: string, key?: string): Promise<void>;
  /**
   * Makes the database itself refuse to delete a row or write it anew, to change the columns `lasting`, and to change
   * the columns `once` where they hold something.
   */
  makeLasting(
    db: Kysely<unknown>,
    table: string,
    columns: { key: readonly string[]; lasting: readonly string[]; once?: readonly string[] },
  ): Promise<void>;
}
