/** What somebody was shown who asked for a rollback by a mention answers no alert (K-6). */

import type { Kysely, Migration } from 'kysely';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function askedAlerts(): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .alterTable('alert_answers')
        .addColumn('asked', 'integer', (c) => c.notNull().defaultTo(0))
        .execute();
    },
  };
}
