/** The first schema: the record, the effects it asks for, and the messages that show it. */

import { type CreateTableBuilder, type Kysely, type Migration, sql } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function record(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await createDeployments(db, ddl);
      await createEvents(db, ddl);
      await createEffects(db, ddl);
      await createLiveMessages(db, ddl);
      await createWaitingPeople(db, ddl);
      await createSmallTables(db, ddl);
    },
  };
}

/** Every table is strict about its columns' types where the database can be. */
function table<T extends string>(db: Db, ddl: Ddl, name: T): CreateTableBuilder<T, never> {
  return db.schema.createTable(name).modifyEnd(ddl.tableSuffix);
}

async function createDeployments(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'deployments')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('number', ddl.bigint, (c) => c.notNull().unique())
    .addColumn('seq', ddl.bigint, (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('service', 'text', (c) => c.notNull())
    .addColumn('environment', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .addColumn('contract', 'text')
    .addColumn('lead_id', 'text', (c) => c.notNull())
    .addColumn('requester_id', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('requested_at', ddl.bigint, (c) => c.notNull())
    .addColumn('started_at', ddl.bigint)
    .addColumn('completed_at', ddl.bigint)
    .addColumn('ended_at', ddl.bigint)
    .addColumn('wake_at', ddl.bigint)
    .addColumn('occupies', 'text', (c) => c.unique())
    .addColumn('state', 'text', (c) => c.notNull())
    .execute();

  // A list is a walk down one of these from the newest number, whatever it filters on: it reads as many rows as it
  // shows. One index per set of equal columns is the price, and a commit pays it in microseconds.
  const filters = [
    ['service'],
    ['environment'],
    ['service', 'environment'],
    ['status'],
    ['service', 'status'],
    ['environment', 'status'],
    ['service', 'environment', 'status'],
  ];
  for (const columns of filters) {
    await db.schema
      .createIndex(`deployments_by_${columns.join('_')}`)
      .on('deployments')
      .columns([...columns, 'number'])
      .execute();
  }
  await indexWhereSet(db, 'deployments', 'wake_at');
  // Who carries out a contract: few deployments carry one.
  await db.schema
    .createIndex('deployments_by_contract')
    .on('deployments')
    .columns(['contract', 'number'])
    .where(sql.ref('contract'), 'is not', null)
    .execute();
}

async function createEvents(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'events')
    .addColumn('deployment', 'text', (c) => c.notNull().references('deployments.id'))
    .addColumn('seq', ddl.bigint, (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('at', ddl.bigint, (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('events_pk', ['deployment', 'seq'])
    .execute();
  // For what happened in a period, whichever deployment it happened to.
  await db.schema.createIndex('events_by_at').on('events').column('at').execute();
  await ddl.makeEventsAppendOnly(db);
}

async function createEffects(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'effects')
    .addColumn('key', 'text', (c) => c.primaryKey().notNull())
    .addColumn('deployment', 'text', (c) => c.notNull().references('deployments.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('effect', 'text', (c) => c.notNull())
    .addColumn('created_at', ddl.bigint, (c) => c.notNull())
    .addColumn('seq', ddl.bigint, (c) => c.notNull())
    .addColumn('ordinal', 'integer', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('next_at', ddl.bigint)
    .addColumn('problem', 'text')
    .addColumn('done_at', ddl.bigint)
    .execute();
  await indexWhereSet(db, 'effects', 'next_at');
  await indexWhereSet(db, 'effects', 'done_at');
}

async function createLiveMessages(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'live_messages')
    .addColumn('deployment', 'text', (c) => c.notNull().references('deployments.id'))
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('message', 'text', (c) => c.notNull())
    .addColumn('since_seq', ddl.bigint, (c) => c.notNull())
    .addColumn('wanted', ddl.bigint, (c) => c.notNull())
    .addColumn('shown', ddl.bigint, (c) => c.notNull().defaultTo(0))
    .addColumn('channel', 'text')
    .addColumn('ts', 'text')
    .addColumn('content', 'text')
    .addColumn('sending_since', ddl.bigint)
    .addColumn('next_at', ddl.bigint)
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('problem', 'text')
    .addColumn('given_up_at', ddl.bigint)
    .addPrimaryKeyConstraint('live_messages_pk', ['deployment', 'key'])
    .execute();
  await indexWhereSet(db, 'live_messages', 'next_at');
  await db.schema
    .createIndex('live_messages_by_place')
    .on('live_messages')
    .columns(['channel', 'ts'])
    .where(sql.ref('ts'), 'is not', null)
    .execute();
}

async function createWaitingPeople(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'waiting_people')
    .addColumn('deployment', 'text', (c) => c.notNull().references('deployments.id'))
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('number', ddl.bigint, (c) => c.notNull())
    .addPrimaryKeyConstraint('waiting_people_pk', ['deployment', 'person'])
    .execute();
  await db.schema
    .createIndex('waiting_people_by_person')
    .on('waiting_people')
    .columns(['person', 'number', 'deployment'])
    .execute();
}

async function createSmallTables(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'inbox')
    .addColumn('key', 'text', (c) => c.primaryKey().notNull())
    .addColumn('deployment', 'text', (c) => c.notNull())
    .addColumn('at', ddl.bigint, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('inbox_by_at').on('inbox').column('at').execute();
  await table(db, ddl, 'people_cache')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('json', 'text', (c) => c.notNull())
    .addColumn('fetched_at', ddl.bigint, (c) => c.notNull())
    .execute();
  await table(db, ddl, 'sequences')
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('last', ddl.bigint, (c) => c.notNull())
    .execute();
  // The first deployment is D-1001: an id of four digits from the first day on.
  await sql`insert into sequences (name, last) values ('deployment', 1000)`.execute(db);
}

/** Only rows that wait for their time are in it, so it stays as small as the work that is left. */
async function indexWhereSet(db: Db, tableName: string, column: string): Promise<void> {
  await db.schema
    .createIndex(`${tableName}_by_${column}`)
    .on(tableName)
    .column(column)
    .where(sql.ref(column), 'is not', null)
    .execute();
}
