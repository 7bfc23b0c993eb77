/** What is urgent to tell goes first, and what has waited longest is not forgotten (K-12). */

import type { Kysely, Migration } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function messageUrgency(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .alterTable('live_messages')
        .addColumn('since', ddl.bigint, (c) => c.notNull().defaultTo(0))
        .execute();
      await db.schema
        .alterTable('live_messages')
        .addColumn('place', 'text', (c) => c.notNull().defaultTo(''))
        .execute();
    },
  };
}
