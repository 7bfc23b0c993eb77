/** Which rollback the button of an answer to an alert began, until its end is told there (K-6). */

import type { Kysely, Migration } from 'kysely';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function endsBelowAlerts(): Migration {
  return {
    async up(db: Db) {
      await db.schema.alterTable('alert_answers').addColumn('rolls_back', 'text').execute();
      await db.schema
        .createIndex('alert_answers_rolling_back')
        .on('alert_answers')
        .column('rolls_back')
        .execute();
    },
  };
}
