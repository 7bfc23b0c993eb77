/** What became of what somebody asked for: their Home reads it without the requests of everybody else (K-7). */

import type { Kysely, Migration } from 'kysely';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function requester(): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .createIndex('deployments_by_requester_id_status')
        .on('deployments')
        .columns(['requester_id', 'status', 'number'])
        .execute();
    },
  };
}
