import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Migration, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { DatabaseTooNew, migrate } from '../../db/migrate.ts';
import { migrations } from '../../db/migrations/registry.ts';
import { openSqlite, sqliteDdl } from '../../db/sqlite.ts';
import { requestOf } from './examples.ts';
import { freshFile, open, rawly } from './places.ts';

describe('opening a database', () => {
  it('makes one where there is none, folder and all', async () => {
    const file = join(dirname(freshFile()), 'deep', 'down', 'gonogo.db');
    const { events } = await open(file);
    expect(existsSync(file)).toBe(true);
    expect(await events.list({ limit: 1 })).toEqual([]);
  });

  it('makes one in memory', async () => {
    const { events } = await open(':memory:');
    await events.commit(requestOf('D-1001'));
    expect(await events.verifyAll()).toMatchObject({ deployments: 1, events: 1, problems: [] });
  });

  it('makes each in memory empty and whole, whatever was written to another', async () => {
    const [one, other] = [await open(':memory:'), await open(':memory:')];
    await one.events.commit(requestOf('D-1001'));
    expect(await other.events.list({ limit: 1 })).toEqual([]);
    const third = await open(':memory:');
    await third.events.commit(requestOf('D-1001', { service: 'search' }));
    expect(await third.events.verifyAll()).toMatchObject({ deployments: 1, events: 1, problems: [] });
    expect((await one.events.load('D-1001'))?.terms.envelope.service).toBe('checkout');
  });

  it('leaves one of this version as it is', async () => {
    const file = freshFile();
    const first = await open(file);
    const request = requestOf('D-1001');
    await first.events.commit(request);
    await first.close();
    const schema = () => rawly(file).prepare('select sql from sqlite_master order by name').pluck().all();
    const before = schema();
    const { events } = await open(file);
    expect(schema()).toEqual(before);
    expect(await events.load('D-1001')).toEqual(request.after);
  });

  it('takes back what others may do with its file', async () => {
    const file = freshFile();
    await (await open(file)).close();
    chmodSync(file, 0o664);
    await open(file);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  });

  it('may be done by two processes at once on a new file', async () => {
    const file = freshFile();
    const both = await Promise.all([open(file), open(file)]);
    for (const [index, { events }] of both.entries()) {
      await events.commit(requestOf(`D-${index + 1}`, { service: `s${index}` }));
    }
    expect(await both[0].events.verifyAll()).toMatchObject({ deployments: 2, problems: [] });
  });

  it('refuses one of a newer version, and changes nothing in it', async () => {
    const file = freshFile();
    await (await open(file)).close();
    const other = rawly(file);
    other.exec(`insert into kysely_migration values ('0003-later', '2031-01-01T00:00:00.000Z')`);
    const before = other.serialize();
    await expect(open(file)).rejects.toThrow(DatabaseTooNew);
    await expect(open(file)).rejects.toThrow(/newer GoNoGo \(it knows 0003-later/);
    expect(other.serialize().equals(before)).toBe(true);
  });

  it('refuses a file that is something else, and leaves it alone', async () => {
    const file = freshFile();
    const text = 'service: checkout\n'.repeat(100);
    writeFileSync(file, text);
    await expect(open(file)).rejects.toThrow(`${file} is not a GoNoGo database`);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('keeps nothing of a migration that fails half-way', async () => {
    const db = openSqlite<unknown>(':memory:');
    const known = migrations(sqliteDdl);
    const failing: Migration = {
      async up(trx) {
        await sql`create table half_way (id text)`.execute(trx);
        throw new Error('no further');
      },
    };
    const tables = async () => (await db.introspection.getTables()).map(({ name }) => name);
    await expect(migrate(db, { ...known, '0003-half': failing })).rejects.toThrow('no further');
    expect(await tables()).toEqual([]);
    await migrate(db, known);
    expect(await tables()).toContain('events');
    await db.destroy();
  });

  it('makes every table strict about its types', async () => {
    const file = freshFile();
    await open(file);
    const loose = rawly(file)
      .prepare(`select name from pragma_table_list where schema = 'main' and type = 'table' and not strict`)
      .pluck()
      .all() as string[];
    expect(loose.filter((name) => !/^(sqlite|kysely)_/.test(name))).toEqual([]);
  });
});
