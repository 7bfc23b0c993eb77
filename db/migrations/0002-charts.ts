/** The charts under stage reports: what each shows, where its file is, and which one a message shows. */

import type { Kysely, Migration } from 'kysely';
import { sql } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function charts(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await db.schema.alterTable('live_messages').addColumn('file', 'text').execute();
      await db.schema
        .createTable('charts')
        .modifyEnd(ddl.tableSuffix)
        .addColumn('deployment', 'text', (c) => c.notNull().references('deployments.id'))
        .addColumn('stage', 'integer', (c) => c.notNull())
        .addColumn('wanted', ddl.bigint, (c) => c.notNull())
        .addColumn('file', 'text')
        .addColumn('alt', 'text')
        .addColumn('drawn', 'text')
        .addColumn('begun', 'text')
        .addColumn('leftover', 'text', (c) => c.notNull().defaultTo('[]'))
        .addColumn('next_at', ddl.bigint)
        .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('problem', 'text')
        .addPrimaryKeyConstraint('charts_pk', ['deployment', 'stage'])
        .execute();
      await db.schema
        .createIndex('charts_by_next_at')
        .on('charts')
        .column('next_at')
        .where(sql.ref('next_at'), 'is not', null)
        .execute();
    },
  };
}
