/** The newest release of a service is found without reading all of them (CH-2). */

import type { Kysely, Migration } from 'kysely';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function newestRelease(): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .createIndex('artifacts_newest')
        .on('artifacts')
        .columns(['service', 'registered_at', 'version'])
        .execute();
    },
  };
}
