/** What proves the record: a seal for each change of any stream, and the checkpoint after the last of them (AU-7). */

import { type Kysely, type Migration, sql } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function seals(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .createTable('seals')
        .modifyEnd(ddl.tableSuffix)
        .addColumn('number', ddl.bigint, (c) => c.primaryKey().notNull())
        .addColumn('stream', 'text', (c) => c.notNull())
        .addColumn('subject', 'text', (c) => c.notNull())
        .addColumn('seq', ddl.bigint, (c) => c.notNull())
        .addColumn('digest', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createIndex('seals_by_subject')
        .unique()
        .on('seals')
        .columns(['stream', 'subject', 'seq'])
        .execute();
      await ddl.makeAppendOnly(db, 'seals', 'number');
      await createCheckpoint(db, ddl);
      await db.schema.alterTable('deployments').addColumn('checkpoint', 'text').execute();
    },
  };
}

async function createCheckpoint(db: Db, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable('checkpoint')
    .modifyEnd(ddl.tableSuffix)
    .addColumn('id', 'integer', (c) => c.primaryKey().notNull())
    .addColumn('number', ddl.bigint, (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('counts', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text')
    .addColumn('mac', 'text')
    .execute();
  await sql`insert into checkpoint (id, number, hash, counts) values (1, 0, 'gonogo', '{}')`.execute(db);
}
