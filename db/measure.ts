/** Looks: their figures, and what the judge carries on. Beside the record, in one transaction with what follows from them. */

import type { Insertable, Kysely, Transaction } from 'kysely';
import type { Commit, KeptLook, Measured, Woken } from '../src/conductor/ports/event-store.ts';
import { LostRace } from '../src/conductor/ports/faults.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { type LiveMessage, messageKey } from '../src/deployment/effects.ts';
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

export async function measure(connection: Connection, measured: Measured): Promise<Woken> {
  const { after, before, look, reading, at, wakeAt, shows } = measured;
  const { id, seq } = after;
  const woken = await connection.beside(async (trx) => {
    const { numAffectedRows: there } = await snooze(trx, id, seq, wakeAt);
    if (there !== 1n) throw new LostRace(`${id} moved on from ${seq}: load it and decide again`);
    const { numAffectedRows: watched } = await changeWatch(trx, id, lookedUntil(before), watchRow(after));
    if (watched !== 1n) throw new LostRace(`somebody else looked at ${id} first: load it and decide again`);
    await keepFigures(trx, { deployment: id, seq, at }, look, reading);
    const shown = await showAgain(trx, id, shows, { at, upTo: look.look.to, now: connection.now() });
    connection.hooks?.point(`measure:before:${id}:${seq}`);
    return shown;
  });
  connection.kept.wrote(after);
  return woken;
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

/** Of a look that tells no more than the chart that is there, nobody has to be asked. `now` is real time. */
const wakeChart = prepared(
  (db: Kysely<Tables>, deployment: string, stage: number, upTo: Instant, now: Instant) =>
    db
      .updateTable('charts')
      .set({ next_at: AT_ONCE })
      .where('deployment', '=', deployment)
      .where('stage', '=', stage)
      .where('next_at', 'is', null)
      .where((eb) => eb.or([eb('enough_until', 'is', null), eb('enough_until', '<=', upTo)]))
      .where((eb) => eb.or([eb('rests_until', 'is', null), eb('rests_until', '<=', now)])),
);

/** The record has not moved, and they show other figures. What waits for Slack goes on waiting. */
async function showAgain(
  trx: Trx,
  deployment: string,
  shows: readonly LiveMessage[],
  { at, upTo, now }: { at: Instant; upTo: Instant; now: Instant },
): Promise<Woken> {
  const woken = { messages: false, charts: false };
  const keys = shows.map(messageKey);
  for (let first = 0; first < keys.length; first += 2) {
    const [one = '', other = one] = keys.slice(first, first + 2);
    woken.messages = isAny(await wakeMessages(trx, deployment, one, other, at)) || woken.messages;
  }
  for (const message of shows)
    if (message.kind === 'stage')
      woken.charts = isAny(await wakeChart(trx, deployment, message.stage, upTo, now)) || woken.charts;
  return woken;
}

const isAny = ({ numAffectedRows = 0n }: { numAffectedRows?: bigint }): boolean => numAffectedRows > 0n;

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
