import SQLite from 'better-sqlite3';
import { CompiledQuery, type Kysely } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../db/sqlite.ts';
import { DatabaseBusy } from '../../src/conductor/ports/faults.ts';
import { commitOf, REMARK, requestOf } from './examples.ts';
import { freshFile, open, rawly } from './places.ts';

describe('a database that another process has locked', () => {
  it('is waited for: the commit succeeds once it is free', async () => {
    const file = freshFile();
    const other = rawly(await made(file));
    const pauses: number[] = [];
    const wait = async (pause: number) => {
      pauses.push(pause);
      if (pauses.length === 4) other.exec('commit');
    };
    const { events } = await open(file, { wait });
    other.exec('begin immediate');
    await events.commit(requestOf('D-1001'));
    expect(pauses).toHaveLength(4);
    expect(await events.verify('D-1001')).toEqual({ ok: true, events: 1 });
  });

  it('is given up on after about ten seconds, with a clear error and nothing written', async () => {
    const file = freshFile();
    const other = rawly(await made(file));
    const pauses: number[] = [];
    const wait = async (pause: number) => {
      pauses.push(pause);
    };
    const { events } = await open(file, { wait });
    other.exec('begin immediate');
    const failure = await events.commit(requestOf('D-1001')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseBusy);
    expect(failure).toMatchObject({
      message: expect.stringContaining('locked for 10 s'),
      cause: expect.any(SQLite.SqliteError),
    });
    const waited = pauses.reduce((sum, pause) => sum + pause, 0);
    expect(waited).toBeGreaterThan(8_500);
    expect(waited).toBeLessThanOrEqual(10_000);

    other.exec('commit');
    expect(await events.load('D-1001')).toBeUndefined();
    await events.commit(requestOf('D-1001'));
  });

  it('is read all the while', async () => {
    const file = freshFile();
    const other = rawly(await made(file));
    const wait = () => Promise.reject(new Error('a reader waited'));
    const { events } = await open(file, { wait });
    other.exec('begin immediate');
    expect(await events.load('D-1000')).toBeDefined();
    expect(await events.list({ limit: 5 })).toHaveLength(1);
    expect(await events.verifyAll()).toMatchObject({ problems: [] });
  });

  it('does not hold up what this process reads while one of its commits waits', async () => {
    const file = freshFile();
    const other = rawly(await made(file));
    const order: string[] = [];
    let waits = 0;
    const wait = async () => {
      waits += 1;
      // By the second pause whoever only reads has long been served.
      if (waits === 1) await stores.events.load('D-1000').then(() => order.push('read'));
      else other.exec('commit');
    };
    const stores = await open(file, { wait });
    other.exec('begin immediate');
    await stores.events.commit(requestOf('D-1001')).then(() => order.push('committed'));
    expect(order).toEqual(['read', 'committed']);
  });

  it('is told from any other trouble, which is not tried again', async () => {
    const file = freshFile();
    const other = rawly(await made(file));
    const wait = () => Promise.reject(new Error('it waited'));
    const { events } = await open(file, { wait });
    other.exec(`create trigger broken before insert on events begin select raise(abort, 'broken'); end`);
    const request = requestOf('D-1000', { environment: 'staging' });
    await expect(events.commit(commitOf(request.after, [REMARK]))).rejects.toThrow('broken');
  });
});

const pragma = async (db: Kysely<unknown>, name: string): Promise<unknown> => {
  const { rows } = await db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(`pragma ${name}`));
  return rows[0]?.[name];
};
const [NORMAL, FULL] = [1, 2];

it('AU-7: SQLite is told to reach the disk before a transaction is acknowledged, and to keep references whole', async () => {
  const db = openSqlite<unknown>(':memory:');
  expect(await pragma(db, 'foreign_keys')).toBe(1);
  expect(await db.transaction().execute((trx) => pragma(trx, 'synchronous'))).toBe(FULL);
  expect(await pragma(db, 'synchronous')).toBe(NORMAL);
  const beside = db.transaction().setAccessMode('read write');
  expect(await beside.execute((trx) => pragma(trx, 'synchronous'))).toBe(NORMAL);
  const failing = db.transaction().execute(() => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await db.transaction().execute((trx) => pragma(trx, 'synchronous'))).toBe(FULL);
  await db.destroy();
});

/** With one deployment in it. */
async function made(file: string): Promise<string> {
  const stores = await open(file);
  await stores.events.commit(requestOf('D-1000', { environment: 'staging' }));
  await stores.close();
  return file;
}
