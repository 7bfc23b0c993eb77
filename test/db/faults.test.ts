/** Trouble with the file or the disk is told by name, and nothing is recorded by halves (OP-3). */

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { realWait } from '../../db/busy-retry.ts';
import { Connection } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { migrations } from '../../db/migrations/registry.ts';
import { storesOn } from '../../db/open.ts';
import type { Tables } from '../../db/schema.ts';
import { faultOf, isBusy, isTaken, openSqlite, sqliteDdl } from '../../db/sqlite.ts';
import { DATABASE_FAULTS, DatabaseFault, type DatabaseFaultKind } from '../../src/conductor/ports/faults.ts';
import { commitOf, REMARK, requestOf } from './examples.ts';
import { freshFile, open, rawly } from './places.ts';

/** Stores whose own connection a test can limit: SQLite says "full" at a number of pages as it does on a full disk. */
async function limited(file: string) {
  const db = openSqlite<Tables>(file, 1);
  await migrate(db, migrations(sqliteDdl));
  const stores = storesOn(
    new Connection({
      db,
      dialect: { isTaken, faultOf },
      busyRetry: { isBusy, wait: realWait, random: Math.random, tryCosts: 10_000 },
      now: Date.now,
      hooks: undefined,
      file,
    }),
  );
  return { db, stores };
}

const LONG = commitOf(requestOf('D-1001').after, [
  { type: 'backend_troubled', doing: 'apply', message: 'x'.repeat(100_000) },
]);

async function caught(work: Promise<unknown>): Promise<DatabaseFaultKind> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof DatabaseFault)) throw new Error('no fault of the database', { cause: error });
  return error.fault;
}

describe('OP-3: the record says what is wrong with it:', () => {
  it('a full disk, of which nothing is left half-written, and which is seen to have room again', async () => {
    const { db, stores } = await limited(freshFile());
    await stores.events.commit(requestOf('D-1001'));
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db);
    await sql`pragma max_page_count = ${sql.lit(rows[0]?.page_count ?? 0)}`.execute(db);
    expect(await caught(stores.events.commit(LONG))).toBe('full');
    expect((await stores.events.load('D-1001'))?.seq).toBe(1);
    await sql`pragma max_page_count = 100000`.execute(db);
    expect(await stores.problem()).toBeUndefined();
    await stores.events.commit(LONG);
    expect(await stores.events.verifyAll()).toMatchObject({ problems: [] });
    await stores.close();
  });

  it('a read-only file', async () => {
    const { db, stores } = await limited(freshFile());
    await sql`pragma query_only = on`.execute(db);
    expect(await caught(stores.events.commit(requestOf('D-1001')))).toBe('read_only');
    expect(await stores.problem()).toContain(DATABASE_FAULTS.read_only);
    await stores.close();
  });

  it('a damaged file', async () => {
    const file = freshFile();
    const stores = await open(file);
    await stores.events.commit(requestOf('D-1001'));
    rawly(file).pragma('wal_checkpoint(truncate)');
    writeFileSync(file, Buffer.alloc(500_000, 'x'));
    expect(await caught(stores.events.commit(requestOf('D-1002', { service: 's' })))).toBe('damaged');
    expect(await stores.problem()).toContain(DATABASE_FAULTS.damaged);
  });

  it('a folder that is gone: nothing is written to a file that nobody will find, and putting it back mends it', async () => {
    const file = freshFile();
    const stores = await open(file);
    const [folder, away] = [dirname(file), `${dirname(file)}-away`];
    renameSync(folder, away);
    expect(await caught(stores.events.commit(requestOf('D-1001')))).toBe('missing');
    expect(await stores.problem()).toContain(DATABASE_FAULTS.missing);
    renameSync(away, folder);
    expect(await stores.problem()).toBeUndefined();
    await stores.events.commit(requestOf('D-1001'));
  });

  it('a folder that cannot be made, and a file that is something else, at the start', async () => {
    const file = freshFile();
    writeFileSync(file, 'service: checkout\n'.repeat(100));
    expect(await caught(open(join(file, 'deep', 'gonogo.db')))).toBe('missing');
    expect(await caught(open(file))).toBe('damaged');
    rmSync(file);
    mkdirSync(file);
    expect(await caught(open(file))).toBe('damaged');
  });

  it('and not a fault of our own', async () => {
    const stores = await open(freshFile());
    const request = requestOf('D-1001');
    await stores.events.commit(request);
    const raced = stores.events.commit(commitOf({ ...request.after, seq: 7 }, [REMARK]));
    await expect(raced).rejects.not.toBeInstanceOf(DatabaseFault);
    expect(await stores.problem()).toBeUndefined();
  });
});
