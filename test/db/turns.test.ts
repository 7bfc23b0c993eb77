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

it('lets others have their turn between slow statements, so that an ack goes out', async () => {
  let turns = 0;
  let over = false;
  const count = (): void => {
    turns += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  const many = 8;
  await Promise.all(Array.from({ length: many }, () => db.transaction().execute((trx) => slow.execute(trx))));
  over = true;
  expect(turns).toBeGreaterThanOrEqual(many - 1);
});
