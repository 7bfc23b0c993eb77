/** Looks: their figures, and what the judge carries on. Beside the record, in one transaction with what follows from them. */

import type { Kysely, Transaction } from 'kysely';
import type { Commit, KeptLook, Measured } from '../src/conductor/ports/event-store.ts';
import { LostRace } from '../src/conductor/ports/faults.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { messageKey } from '../src/deployment/effects.ts';
import type { EventBody } from '../src/deployment/events.ts';
import { lookedUntil } from '../src/deployment/rollout/progress.ts';
import { watchOf } from '../src/deployment/rollout/watch.ts';
import type { Reading } from '../src/judge/types.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import { AT_ONCE, type Tables } from './schema.ts';

type Trx = Transaction<Tables>;
type Looked = Extract<EventBody, { type: 'looked' }>;

export async function measure(connection: Connection, measured: Measured): Promise<void> {
  const { after, before, look, reading, at, wakeAt, shows } = measured;
  const { id, seq } = after;
  await connection.transaction(async (trx) => {
    const { numUpdatedRows: there } = await trx
      .updateTable('deployments')
      .set({ wake_at: wakeAt })
      .where('id', '=', id)
      .where('seq', '=', seq)
      .executeTakeFirstOrThrow();
    if (there !== 1n) throw new LostRace(`${id} moved on from ${seq}: load it and decide again`);
    const { numUpdatedRows: watched } = await trx
      .updateTable('watches')
      .set(watchRow(after))
      .where('deployment', '=', id)
      .where('looked_until', '=', lookedUntil(before))
      .executeTakeFirstOrThrow();
    if (watched !== 1n) throw new LostRace(`somebody else looked at ${id} first: load it and decide again`);
    await keepFigures(trx, { deployment: id, seq, at }, look, reading);
    await showAgain(trx, id, shows.map(messageKey));
    connection.hooks?.point(`measure:before:${id}:${seq}`);
  });
}

function watchRow(d: Deployment) {
  return { looked_until: lookedUntil(d), watch: JSON.stringify(watchOf(d)) };
}

/** With a commit: what the state holds of looks, and the figures of those that are events. */
export async function writeWatch(
  trx: Trx,
  { after, at, events, reading }: Pick<Commit, 'after' | 'at' | 'events' | 'reading'>,
): Promise<void> {
  if (after.rollout === undefined) return;
  const row = watchRow(after);
  await trx
    .insertInto('watches')
    .values({ deployment: after.id, ...row })
    .onConflict((c) => c.column('deployment').doUpdateSet(row))
    .execute();
  const first = after.seq - events.length + 1;
  for (const [index, event] of events.entries())
    if (event.type === 'looked')
      await keepFigures(trx, { deployment: after.id, seq: first + index, at }, event, reading);
}

async function keepFigures(
  trx: Trx,
  row: { deployment: string; seq: number; at: Instant },
  look: Looked,
  reading: Reading | undefined,
): Promise<void> {
  await trx
    .insertInto('measurements')
    .values({ ...row, look: JSON.stringify({ ...look, reading }) })
    .execute();
}

/** The record has not moved, and they show other figures. What waits for Slack goes on waiting. */
async function showAgain(trx: Trx, deployment: string, keys: readonly string[]): Promise<void> {
  await trx
    .updateTable('live_messages')
    .set((eb) => ({ next_at: eb.fn.coalesce('next_at', eb.val(AT_ONCE)) }))
    .where('deployment', '=', deployment)
    .where('key', 'in', [...keys])
    .where('given_up_at', 'is', null)
    .execute();
  const stages = keys.flatMap((key) => /^stage:(\d+)$/.exec(key)?.[1] ?? []).map(Number);
  if (stages.length === 0) return;
  await trx
    .updateTable('charts')
    .set((eb) => ({ next_at: eb.fn.coalesce('next_at', eb.val(AT_ONCE)) }))
    .where('deployment', '=', deployment)
    .where('stage', 'in', stages)
    .execute();
}

export async function looksOf(db: Kysely<Tables>, id: string): Promise<KeptLook[]> {
  const rows = await db
    .selectFrom('measurements')
    .select(['deployment', 'seq', 'at', 'look'])
    .where('deployment', '=', id)
    .orderBy('id')
    .execute();
  return rows.map(({ look, ...row }) => ({
    ...(JSON.parse(look) as Looked & Pick<KeptLook, 'reading'>),
    ...row,
    by: { kind: 'system', name: 'judge' },
  }));
}
