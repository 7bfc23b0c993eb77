/** Which deployments ended when, and up to when their messages were pruned. */

import { type Kysely, type Migration, sql } from 'kysely';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function pruning(): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .createIndex('deployments_by_ended_at')
        .on('deployments')
        .column('ended_at')
        .where(sql.ref('ended_at'), 'is not', null)
        .execute();
      await sql`insert into sequences (name, last) values ('messages_pruned_until', 0)`.execute(db);
    },
  };
}
