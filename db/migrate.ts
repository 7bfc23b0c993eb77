/** Brings a database to this version's schema, and refuses one that is already beyond it. */

import { type Kysely, type Migration, Migrator, sql } from 'kysely';

export class DatabaseTooNew extends Error {
  override readonly name = 'DatabaseTooNew';
}

export class DatabaseTooOld extends Error {
  override readonly name = 'DatabaseTooOld';
}

class NotARecord extends Error {
  override readonly name = 'NotARecord';
}

/** For whoever only reads: throws where the schema is not this version's, and changes nothing. */
export async function requireSchema<T>(db: Kysely<T>, known: Record<string, Migration>): Promise<void> {
  const there = new Set(await refuseNewer(db, known));
  if (there.size === 0) throw new NotARecord('this is no record of GoNoGo');
  const missing = Object.keys(known).filter((name) => !there.has(name));
  if (missing.length > 0)
    throw new DatabaseTooOld(
      `this database was written by an older GoNoGo (it lacks ${missing.join(', ')}): read it with that version, ` +
        'or start this one on it; nothing was changed',
    );
}

/** One transaction: a migration that fails leaves the database as it was. */
export async function migrate<T>(db: Kysely<T>, known: Record<string, Migration>): Promise<void> {
  const there = await refuseNewer(db, known);
  // As at nearly every start.
  if (there.length === Object.keys(known).length) return;
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** Answers with the migrations that were made. */
async function refuseNewer<T>(db: Kysely<T>, known: Record<string, Migration>): Promise<string[]> {
  const there = await migrationsIn(db);
  const unknown = there.filter((name) => !(name in known));
  if (unknown.length > 0) {
    throw new DatabaseTooNew(
      `this database was written by a newer GoNoGo (it knows ${unknown.join(', ')}, this version does not): ` +
        'start that version again, or restore a backup from before the upgrade; nothing was changed',
    );
  }
  return there;
}

async function migrationsIn<T>(db: Kysely<T>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}
