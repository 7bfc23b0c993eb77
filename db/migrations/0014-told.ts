/** What was said of a release is looked at, whatever moves the time of the next look meanwhile (GT-1). */

import type { Kysely, Migration } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function told(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .alterTable('deployments')
        .addColumn('told', ddl.bigint, (c) => c.notNull().defaultTo(0))
        .execute();
    },
  };
}
