/** What stages that passed have taught the judge, by service, environment and metric. */

import type { Kysely, Migration } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function judgeHistory(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .createTable('judge_history')
        .modifyEnd(ddl.tableSuffix)
        .addColumn('service', 'text', (c) => c.notNull())
        .addColumn('environment', 'text', (c) => c.notNull())
        .addColumn('metric', 'text', (c) => c.notNull())
        .addColumn('history', 'text', (c) => c.notNull())
        .addColumn('at', ddl.bigint, (c) => c.notNull())
        .addPrimaryKeyConstraint('judge_history_key', ['service', 'environment', 'metric'])
        .execute();
      await db.schema.createIndex('judge_history_by_at').on('judge_history').column('at').execute();
    },
  };
}
