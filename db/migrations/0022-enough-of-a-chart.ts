/** Up to when the chart that was drawn last will do, so that a look that needs no other asks nobody (K-5). */

import type { Kysely, Migration } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function enoughOfAChart(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      for (const column of ['enough_until', 'rests_until'])
        await db.schema.alterTable('charts').addColumn(column, ddl.bigint).execute();
    },
  };
}
