/** What was said of releases that do not go by themselves, so that a start does not say it again (CH-2). */

import type { Kysely, Migration } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function automaticNotices(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .createTable('automatic_notices')
        .modifyEnd(ddl.tableSuffix)
        .addColumn('service', 'text', (c) => c.notNull())
        .addColumn('environment', 'text', (c) => c.notNull())
        .addColumn('about', 'text', (c) => c.notNull())
        .addColumn('begun', ddl.bigint, (c) => c.notNull())
        .addColumn('said', 'integer', (c) => c.notNull())
        .addPrimaryKeyConstraint('automatic_notices_pk', ['service', 'environment'])
        .execute();
    },
  };
}
