/** Where a version has been: asked at every request, and answered without reading the history of its place. */

import type { Kysely, Migration } from 'kysely';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function versions(): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .createIndex('deployments_by_service_environment_version_status')
        .on('deployments')
        .columns(['service', 'environment', 'version', 'status', 'number'])
        .execute();
    },
  };
}
