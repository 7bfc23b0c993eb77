/** Freezes and locks, what people did with them, and who still has to be told. */

import { type CreateTableBuilder, type Kysely, type Migration, sql } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function calendar(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await createFreezes(db, ddl);
      await createLocks(db, ddl);
      await createLog(db, ddl);
      await sql`insert into sequences (name, last) values ('freeze', 0), ('lock', 0)`.execute(db);
    },
  };
}

function table<T extends string>(db: Db, ddl: Ddl, name: T): CreateTableBuilder<T, never> {
  return db.schema.createTable(name).modifyEnd(ddl.tableSuffix);
}

async function createFreezes(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'freezes')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('scope', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('from_at', ddl.bigint, (c) => c.notNull())
    .addColumn('until_at', ddl.bigint, (c) => c.notNull())
    .addColumn('overrides', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('lifted_at', ddl.bigint)
    .addColumn('lifted_by', 'text')
    .addColumn('lifted_why', 'text')
    .addColumn('notice_at', ddl.bigint)
    .execute();
  await db.schema
    .createIndex('freezes_by_notice')
    .on('freezes')
    .column('notice_at')
    .where(sql.ref('notice_at'), 'is not', null)
    .execute();
  // Those that stand or will: a handful, however many there have been.
  await db.schema
    .createIndex('freezes_by_end')
    .on('freezes')
    .column('until_at')
    .where(sql.ref('lifted_at'), 'is', null)
    .execute();
}

async function createLocks(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'locks')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('service', 'text', (c) => c.notNull())
    .addColumn('environment', 'text')
    .addColumn('holder', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('from_at', ddl.bigint, (c) => c.notNull())
    .addColumn('until_at', ddl.bigint, (c) => c.notNull())
    .addColumn('ended_at', ddl.bigint)
    .addColumn('ended', 'text')
    .addColumn('ended_by', 'text')
    .addColumn('notice_at', ddl.bigint)
    .execute();
  await db.schema
    .createIndex('locks_by_end')
    .on('locks')
    .column('until_at')
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
  await db.schema
    .createIndex('locks_by_notice')
    .on('locks')
    .column('notice_at')
    .where(sql.ref('notice_at'), 'is not', null)
    .execute();
}

async function createLog(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'calendar_log')
    .addColumn('seq', ddl.bigint, (c) => c.primaryKey().notNull())
    .addColumn('at', ddl.bigint, (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('what', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('why', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await sql`insert into sequences (name, last) values ('calendar_log', 0)`.execute(db);
  await ddl.makeAppendOnly(db, 'calendar_log');
}
