/** Brings a database to this version's schema, and refuses one that is already beyond it. */

import { type Kysely, type Migration, Migrator, sql } from 'kysely';

export class DatabaseTooNew extends Error {
  override readonly name = 'DatabaseTooNew';
}

/** One transaction: a migration that fails leaves the database as it was. */
export async function migrate<T>(db: Kysely<T>, known: Record<string, Migration>): Promise<void> {
  const unknown = (await migrationsIn(db)).filter((name) => !(name in known));
  if (unknown.length > 0) {
    throw new DatabaseTooNew(
      `this database was written by a newer GoNoGo (it knows ${unknown.join(', ')}, this version does not): ` +
        'start that version again, or restore a backup from before the upgrade; nothing was changed',
    );
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function migrationsIn<T>(db: Kysely<T>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}
