/** Looks: their figures, and what the judge carries on. Beside the record, in one transaction with what follows from them. */

import type { Insertable, Kysely, Transaction } from 'kysely';
import type { Commit, KeptLook, Measured } from '../src/conductor/ports/event-store.ts';
import { LostRace } from '../src/conductor/ports/faults.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { messageKey } from '../src/deployment/effects.ts';
import type { EventBody } from '../src/deployment/events.ts';
import { lookedUntil } from '../src/deployment/rollout/progress.ts';
import { asRecorded, watchOf } from '../src/deployment/rollout/watch.ts';
import type { Reading } from '../src/judge/types.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import { prepared } from './prepared.ts';
import { snooze } from './queries/deployments.ts';
import { rankOf } from './queries/live-messages.ts';
import { AT_ONCE, type MeasurementsTable, type Tables, type WatchesTable } from './schema.ts';

type Trx = Transaction<Tables>;
type Looked = Extract<EventBody, { type: 'looked' }>;

export async function measure(connection: Connection, measured: Measured): Promise<void> {
  const { after, before, look, reading, at, wakeAt, shows } = measured;
  const { id, seq } = after;
  await connection.beside(async (trx) => {
    const { numAffectedRows: there } = await snooze(trx, id, seq, wakeAt);
    if (there !== 1n) throw new LostRace(`${id} moved on from ${seq}: load it and decide again`);
    const { numAffectedRows: watched } = await changeWatch(trx, id, lookedUntil(before), watchRow(after));
    if (watched !== 1n) throw new LostRace(`somebody else looked at ${id} first: load it and decide again`);
    await keepFigures(trx, { deployment: id, seq, at }, look, reading);
    await showAgain(trx, id, shows.map(messageKey), at);
    connection.hooks?.point(`measure:before:${id}:${seq}`);
  });
  connection.kept.wrote(after);
}

const changeWatch = prepared(
  (db: Kysely<Tables>, deployment: string, lookedUntil: Instant, row: Omit<WatchesTable, 'deployment'>) =>
    db
      .updateTable('watches')
      .set(row)
      .where('deployment', '=', deployment)
      .where('looked_until', '=', lookedUntil),
);

function watchRow(d: Deployment) {
  return { looked_until: lookedUntil(d), watch: JSON.stringify(watchOf(d)) };
}

const upsertWatch = prepared((db: Kysely<Tables>, row: WatchesTable) =>
  db
    .insertInto('watches')
    .values(row)
    .onConflict((c) =>
      c.column('deployment').doUpdateSet((eb) => ({
        looked_until: eb.ref('excluded.looked_until'),
        watch: eb.ref('excluded.watch'),
      })),
    ),
);

/** With a commit: what the state holds of looks, and the figures of those that are events. */
export async function writeWatch(
  trx: Trx,
  { after, at, events, reading }: Pick<Commit, 'after' | 'at' | 'events' | 'reading'>,
): Promise<void> {
  if (after.rollout === undefined) return;
  const row = watchRow(after);
  await upsertWatch(trx, { deployment: after.id, ...row });
  const first = after.seq - events.length + 1;
  for (const [index, event] of events.entries())
    if (event.type === 'looked')
      await keepFigures(trx, { deployment: after.id, seq: first + index, at }, event, reading);
}

const insertFigures = prepared((db: Kysely<Tables>, row: Insertable<MeasurementsTable>) =>
  db.insertInto('measurements').values(row),
);

async function keepFigures(
  trx: Trx,
  row: { deployment: string; seq: number; at: Instant },
  look: Looked,
  reading: Reading | undefined,
): Promise<void> {
  await insertFigures(trx, { ...row, look: JSON.stringify({ ...asRecorded(look), reading }) });
}

/** Two at once: a look shows on the card and in the report of its stage. */
const wakeMessages = prepared(
  (db: Kysely<Tables>, deployment: string, one: string, other: string, at: Instant) =>
    db
      .updateTable('live_messages')
      .set({ next_at: AT_ONCE, since: at, rank: rankOf('look', '') })
      .where('deployment', '=', deployment)
      .where((eb) => eb.or([eb('key', '=', one), eb('key', '=', other)]))
      .where('next_at', 'is', null)
      .where('given_up_at', 'is', null),
);

const wakeChart = prepared((db: Kysely<Tables>, deployment: string, stage: number) =>
  db
    .updateTable('charts')
    .set((eb) => ({ next_at: eb.fn.coalesce('next_at', eb.val(AT_ONCE)) }))
    .where('deployment', '=', deployment)
    .where('stage', '=', stage),
);

/** The record has not moved, and they show other figures. What waits for Slack goes on waiting. */
async function showAgain(trx: Trx, deployment: string, keys: readonly string[], at: Instant): Promise<void> {
  for (let first = 0; first < keys.length; first += 2) {
    const [one = '', other = one] = keys.slice(first, first + 2);
    await wakeMessages(trx, deployment, one, other, at);
  }
  const stages = keys.flatMap((key) => /^stage:(\d+)$/.exec(key)?.[1] ?? []).map(Number);
  for (const stage of stages) await wakeChart(trx, deployment, stage);
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
