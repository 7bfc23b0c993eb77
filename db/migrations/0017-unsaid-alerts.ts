/** What an answer to an alert needs to be said by another process than the one that set about it (K-6). */

import type { Kysely, Migration } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function unsaidAlerts(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await db.schema.alterTable('alert_answers').addColumn('claimed_at', ddl.bigint).execute();
      await db.schema.alterTable('alert_answers').addColumn('thread', 'text').execute();
      await db.schema.alterTable('alert_answers').addColumn('alert', 'text').execute();
      await db.schema
        .createIndex('alert_answers_unsaid')
        .on('alert_answers')
        .columns(['answer_ts', 'at'])
        .execute();
    },
  };
}
