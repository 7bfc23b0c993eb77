/** Rebuilds the rows that lists and loads read from the events they stand on, and says what differed (AU-3). */

import type { Kysely, Transaction } from 'kysely';
import type { Refolded } from '../src/conductor/ports/stores.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Connection } from './connection.ts';
import { numberOf, rowOf, waitingIn } from './deployment-row.ts';
import type { Tables } from './schema.ts';
import { foldOf } from './verify-deployments.ts';
import { yieldToOthers } from './yield-to-others.ts';

/** One transaction per deployment, so that a bot may go on beside it. `write: false` only says what differs. */
export async function* refold(
  connection: Connection,
  { write }: { write: boolean },
): AsyncGenerator<Refolded> {
  let after = '';
  for (;;) {
    const row = await connection.run((db) => nextDeployment(db, after));
    if (row === undefined) return;
    after = row.deployment;
    connection.kept.forget(after);
    yield await connection.transaction((trx) => refoldOne(trx, after, write));
    await yieldToOthers();
  }
}

const nextDeployment = (db: Kysely<Tables>, after: string) =>
  db
    .selectFrom('events')
    .select('deployment')
    .where('deployment', '>', after)
    .orderBy('deployment')
    .limit(1)
    .executeTakeFirst();

async function refoldOne(trx: Transaction<Tables>, id: string, write: boolean): Promise<Refolded> {
  const row = await trx.selectFrom('deployments').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return { id, kind: 'broken', problem: `the row of ${id} is missing` };
  const fold = await foldOf(trx, id);
  if ('problem' in fold) return { id, kind: 'broken', problem: fold.problem };
  const should = rowOf(fold.state, row.wake_at);
  const columns = Object.entries(should).flatMap(([column, value]) =>
    row[column as keyof typeof row] === value ? [] : [column],
  );
  if (columns.length === 0) return { id, kind: 'same' };
  if (write) await writeRow(trx, fold.state, should);
  return { id, kind: 'differed', columns };
}

async function writeRow(
  trx: Transaction<Tables>,
  state: Deployment,
  { id, number: _number, ...row }: ReturnType<typeof rowOf>,
): Promise<void> {
  await trx.updateTable('deployments').set(row).where('id', '=', id).execute();
  await trx.deleteFrom('waiting_people').where('deployment', '=', id).execute();
  const people = waitingIn(state).map((person) => ({ deployment: id, person, number: numberOf(id) }));
  if (people.length > 0) await trx.insertInto('waiting_people').values(people).execute();
}
