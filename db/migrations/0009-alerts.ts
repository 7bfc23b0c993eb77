/** What was answered to alerts, and what people said of it: so that the ranking of suspects can be measured (K-6). */

import type { Kysely, Migration } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function alerts(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .createTable('alert_answers')
        .modifyEnd(ddl.tableSuffix)
        .addColumn('channel', 'text', (c) => c.notNull())
        .addColumn('ts', 'text', (c) => c.notNull())
        .addColumn('at', ddl.bigint, (c) => c.notNull())
        .addColumn('service', 'text', (c) => c.notNull())
        .addColumn('suspects', 'text', (c) => c.notNull())
        .addColumn('reason', 'text')
        .addColumn('answer_ts', 'text')
        .addColumn('not_a_deployment', 'text')
        .addColumn('said_at', ddl.bigint)
        .addColumn('covered', 'integer', (c) => c.notNull().defaultTo(0))
        .addPrimaryKeyConstraint('alert_answers_pk', ['channel', 'ts'])
        .execute();
      await db.schema
        .createIndex('alert_answers_by_answer')
        .on('alert_answers')
        .columns(['channel', 'answer_ts'])
        .execute();
      await db.schema
        .createIndex('alert_answers_lately')
        .on('alert_answers')
        .columns(['channel', 'service', 'covered', 'at'])
        .execute();
    },
  };
}
