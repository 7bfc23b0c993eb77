import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { IN_MEMORY, openSqlite } from '../../db/sqlite.ts';

let db: Kysely<unknown>;

beforeEach(() => {
  db = openSqlite(IN_MEMORY);
});

afterEach(() => db.destroy());

/** Some twenty milliseconds of work that nothing can interrupt. */
const slow = sql`
  with recursive numbers(x) as (select 1 union all select x + 1 from numbers where x < 200000)
  select count(*) from numbers`;

it.each([
  ['transactions', () => db.transaction().execute((trx) => slow.execute(trx))],
  ['statements by themselves', () => slow.execute(db)],
])('lets others have their turn between slow %s, so that an ack goes out', async (_what, act) => {
  let turns = 0;
  let over = false;
  const count = (): void => {
    turns += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  const many = 8;
  await Promise.all(Array.from({ length: many }, act));
  over = true;
  expect(turns).toBeGreaterThanOrEqual(many - 1);
});

it('AU-3: a statement that is no part of an open transaction waits for its end, and is not taken back with it', async () => {
  await sql`create table t (a integer)`.execute(db);
  const done: string[] = [];
  let goOn = (): void => {};
  const paused = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let begun = (): void => {};
  const isOpen = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const taken = db.transaction().execute(async (trx) => {
    await sql`insert into t values (1)`.execute(trx);
    begun();
    await paused;
    done.push('transaction');
    throw new Error('taken back');
  });
  const ended = expect(taken).rejects.toThrow('taken back');
  await isOpen;
  const beside = sql`insert into t values (2)`.execute(db).then(() => done.push('statement'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toEqual([]);
  goOn();
  await Promise.all([ended, beside]);
  expect(done).toEqual(['transaction', 'statement']);
  expect((await sql`select a from t`.execute(db)).rows).toEqual([{ a: 2 }]);
});

it('closes its file also where no transaction ever was', async () => {
  const another = openSqlite<unknown>(IN_MEMORY);
  await sql`select 1`.execute(another);
  await another.destroy();
  await expect(sql`select 1`.execute(another)).rejects.toThrow('not open');
});
