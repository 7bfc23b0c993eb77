/** What somebody decided with a button below an alert, until it is shown there (K-6). */

import type { Kysely, Migration } from 'kysely';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function alertDecisions(): Migration {
  return {
    async up(db: Db) {
      await db.schema.alterTable('alert_answers').addColumn('deciding', 'text').execute();
      await db.schema.createIndex('alert_answers_deciding').on('alert_answers').column('deciding').execute();
    },
  };
}
