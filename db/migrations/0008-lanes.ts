/** Rollbacks have a lane of their own: what rolls back is found without walking past everything else that is due. */

import { type Kysely, type Migration, sql } from 'kysely';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function lanes(): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .createIndex('deployments_by_status_wake_at')
        .on('deployments')
        .columns(['status', 'wake_at'])
        .where(sql.ref('wake_at'), 'is not', null)
        .execute();
      await db.schema
        .createIndex('effects_by_rank_next_at')
        .on('effects')
        .columns(['rank', 'next_at'])
        .where(sql.ref('next_at'), 'is not', null)
        .execute();
    },
  };
}
