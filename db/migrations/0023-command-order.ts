/** The order of commands over all deployments, and after a restore: what backends tell an old one by (RB-1). */

import { randomInt } from 'node:crypto';
import { type Kysely, type Migration, sql } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function commandOrder(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .alterTable('effects')
        .addColumn('checkpoint', ddl.bigint, (c) => c.notNull().defaultTo(0))
        .execute();
      // No two records have the same name; a restore may have written where its commands go on from already.
      await sql`insert into sequences (name, last) values ('record', ${randomInt(2 ** 47)}), ('commands', 0)
        on conflict (name) do nothing`.execute(db);
    },
  };
}
