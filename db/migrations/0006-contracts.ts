/** HANDOFF/V1 contracts: what was imported, by whom, and who accepted it. */

import type { Kysely, Migration } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

const WRITTEN = [
  ...['key', 'id', 'source', 'sha256', 'contract', 'service', 'environment'],
  ...['imported_by', 'imported_at'],
];

export function contracts(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await db.schema
        .createTable('contracts')
        .modifyEnd(ddl.tableSuffix)
        .addColumn('key', 'text', (c) => c.primaryKey().notNull())
        .addColumn('id', 'text', (c) => c.notNull())
        .addColumn('source', 'text', (c) => c.notNull())
        .addColumn('sha256', 'text', (c) => c.notNull())
        .addColumn('contract', 'text', (c) => c.notNull())
        .addColumn('service', 'text', (c) => c.notNull())
        .addColumn('environment', 'text', (c) => c.notNull())
        .addColumn('imported_by', 'text', (c) => c.notNull())
        .addColumn('imported_at', ddl.bigint, (c) => c.notNull())
        .addColumn('accepted_by', 'text')
        .addColumn('accepted_at', ddl.bigint)
        .addColumn('moves', 'text')
        .addColumn('card_channel', 'text')
        .addColumn('card_ts', 'text')
        .execute();
      // The list, newest first.
      await db.schema.createIndex('contracts_by_import').on('contracts').column('imported_at').execute();
      await ddl.makeLasting(db, 'contracts', {
        key: ['key'],
        lasting: WRITTEN,
        once: ['accepted_by', 'accepted_at', 'moves'],
      });
    },
  };
}
