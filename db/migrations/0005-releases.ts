/** What CI says of releases: gates, artifacts and the attempts to replace one; and the signatures it said it with. */

import { type CreateTableBuilder, type Kysely, type Migration, sql } from 'kysely';
import type { Ddl } from '../ddl.ts';

// A migration runs against the schema of its own day, which today's types do not describe.
type Db = Kysely<unknown>;

export function releases(ddl: Ddl): Migration {
  return {
    async up(db: Db) {
      await createGateReports(db, ddl);
      await createArtifacts(db, ddl);
      await createArtifactRefusals(db, ddl);
      await createApiSignatures(db, ddl);
      // Deployments of a release wherever they go: those that a report wakes, and whether there was ever one.
      await db.schema
        .createIndex('deployments_by_service_version_status')
        .on('deployments')
        .columns(['service', 'version', 'status', 'number'])
        .execute();
      await sql`insert into sequences (name, last) values ('gate_reports', 0), ('artifact_refusals', 0)`.execute(
        db,
      );
    },
  };
}

function table<T extends string>(db: Db, ddl: Ddl, name: T): CreateTableBuilder<T, never> {
  return db.schema.createTable(name).modifyEnd(ddl.tableSuffix);
}

async function createGateReports(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'gate_reports')
    .addColumn('seq', ddl.bigint, (c) => c.primaryKey().notNull())
    .addColumn('service', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .addColumn('gate', 'text', (c) => c.notNull())
    .addColumn('sha', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('at', ddl.bigint, (c) => c.notNull())
    .addColumn('received_at', ddl.bigint, (c) => c.notNull())
    .addColumn('report', 'text', (c) => c.notNull())
    .execute();
  // Its last entry per gate, commit and artifact is the report that counts.
  await db.schema
    .createIndex('gate_reports_by_release')
    .on('gate_reports')
    .columns(['service', 'version', 'gate', 'sha', 'digest', 'at', 'seq'])
    .execute();
  await ddl.makeAppendOnly(db, 'gate_reports');
}

async function createArtifacts(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'artifacts')
    .addColumn('service', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('sha', 'text', (c) => c.notNull())
    .addColumn('registered_at', ddl.bigint, (c) => c.notNull())
    .addColumn('completed_at', ddl.bigint)
    .addColumn('artifact', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('artifacts_pk', ['service', 'version'])
    .execute();
  await ddl.makeLasting(db, 'artifacts', {
    key: ['service', 'version'],
    lasting: ['digest', 'sha', 'registered_at'],
  });
}

async function createArtifactRefusals(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'artifact_refusals')
    .addColumn('seq', ddl.bigint, (c) => c.primaryKey().notNull())
    .addColumn('service', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('sha', 'text', (c) => c.notNull())
    .addColumn('differs', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('at', ddl.bigint, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('artifact_refusals_by_release')
    .on('artifact_refusals')
    .columns(['service', 'version', 'seq'])
    .execute();
  await ddl.makeAppendOnly(db, 'artifact_refusals');
}

async function createApiSignatures(db: Db, ddl: Ddl): Promise<void> {
  await table(db, ddl, 'api_signatures')
    .addColumn('signature', 'text', (c) => c.primaryKey().notNull())
    .addColumn('used_at', ddl.bigint, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('api_signatures_by_use').on('api_signatures').column('used_at').execute();
}
