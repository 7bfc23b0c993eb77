/** The figures of looks, beside the record: the last of each watch, which the next look begins from, and all of them. */

import type { Kysely, Migration } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function measurements(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .createTable('watches')
        .modifyEnd(ddl.tableSuffix)
        .addColumn('deployment', 'text', (c) => c.primaryKey().notNull())
        .addColumn('looked_until', ddl.bigint, (c) => c.notNull())
        .addColumn('watch', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('measurements')
        .modifyEnd(ddl.tableSuffix)
        .addColumn('id', 'integer', (c) => c.primaryKey().notNull())
        .addColumn('deployment', 'text', (c) => c.notNull())
        .addColumn('seq', ddl.bigint, (c) => c.notNull())
        .addColumn('at', ddl.bigint, (c) => c.notNull())
        .addColumn('look', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createIndex('measurements_by_deployment')
        .on('measurements')
        .columns(['deployment', 'id'])
        .execute();
      await db.schema.createIndex('measurements_by_at').on('measurements').column('at').execute();
    },
  };
}
