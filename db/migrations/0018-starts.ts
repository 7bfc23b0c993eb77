/** What started in a period is found without reading all there is (MT-1). */

import type { Kysely, Migration } from 'kysely';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function starts(): Migration {
  return {
    async up(db: Db) {
      const index = (name: string, columns: string[]) =>
        db.schema.createIndex(name).on('deployments').columns(columns).execute();
      await index('deployments_by_start', ['started_at', 'number']);
      await index('deployments_of_service_by_start', ['service', 'started_at', 'number']);
    },
  };
}
