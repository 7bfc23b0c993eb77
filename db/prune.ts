/** Deletes what has served its time, a little at once; the record itself is never touched. */

import type { Pruned } from '../src/conductor/ports/stores.ts';
import { DAY, type Duration, type Instant, MINUTE } from '../src/time.ts';
import type { Connection } from './connection.ts';
import type { Db } from './schema.ts';
import { yieldToOthers } from './yield-to-others.ts';

/** Slack repeats a delivery for an hour and a CI system for a few days. */
export const KEEP_INBOX: Duration = 7 * DAY;
/** What was carried out is in the events; this is kept as long as application logs are (AU-4). */
export const KEEP_EFFECTS: Duration = 30 * DAY;
/** A timestamp is accepted five minutes around the clock, so ten from the first use to the last; half as long again. */
export const KEEP_SIGNATURES: Duration = 15 * MINUTE;
/** The figures of looks: charts are drawn from them while a stage is watched, and the record has their digest. */
export const KEEP_MEASUREMENTS: Duration = 90 * DAY;
/** What a service's arms did so long ago says little of what they do now. */
export const KEEP_JUDGE_HISTORY: Duration = 365 * DAY;
/** Where the messages and charts of an ended deployment are; its card and change request stay, for remarks may come. */
export const KEEP_MESSAGES: Duration = 30 * DAY;

/** A batch holds the process while it runs, so it is small; others have their turn after each. */
const BATCH = 50;
/** Deployments whose messages are deleted at once; each has a few dozen. */
const DEPLOYMENTS_AT_ONCE = 4;

export async function prune(connection: Connection, now: Instant): Promise<Pruned> {
  const inbox = await inBatches(connection, (db) => inboxBefore(db, now - KEEP_INBOX));
  const effects = await inBatches(connection, (db) => effectsBefore(db, now - KEEP_EFFECTS));
  // Used on the system's clock, whatever the clock of the record says.
  const signatures = await inBatches(connection, (db) =>
    signaturesBefore(db, connection.now() - KEEP_SIGNATURES),
  );
  const measurements = await inBatches(connection, (db) => measurementsBefore(db, now - KEEP_MEASUREMENTS));
  const judgeHistory = await inBatches(connection, (db) => judgeHistoryBefore(db, now - KEEP_JUDGE_HISTORY));
  const messages = await pruneMessages(connection, now - KEEP_MESSAGES);
  return { inbox, effects, signatures, measurements, judgeHistory, messages };
}

async function inBatches(
  connection: Connection,
  deleteSome: (db: Db) => Promise<{ numDeletedRows: bigint }>,
): Promise<number> {
  let all = 0;
  for (;;) {
    const deleted = Number((await connection.run(deleteSome)).numDeletedRows);
    all += deleted;
    if (deleted < BATCH) return all;
    await yieldToOthers();
  }
}

const inboxBefore = (db: Db, before: Instant) =>
  db
    .deleteFrom('inbox')
    .where('key', 'in', (eb) => eb.selectFrom('inbox').select('key').where('at', '<', before).limit(BATCH))
    .executeTakeFirstOrThrow();

const effectsBefore = (db: Db, before: Instant) =>
  db
    .deleteFrom('effects')
    .where('key', 'in', (eb) =>
      eb.selectFrom('effects').select('key').where('done_at', '<', before).limit(BATCH),
    )
    .executeTakeFirstOrThrow();

const signaturesBefore = (db: Db, before: Instant) =>
  db
    .deleteFrom('api_signatures')
    .where('signature', 'in', (eb) =>
      eb.selectFrom('api_signatures').select('signature').where('used_at', '<', before).limit(BATCH),
    )
    .executeTakeFirstOrThrow();

const measurementsBefore = (db: Db, before: Instant) =>
  db
    .deleteFrom('measurements')
    .where('id', 'in', (eb) =>
      eb.selectFrom('measurements').select('id').where('at', '<', before).limit(BATCH),
    )
    .executeTakeFirstOrThrow();

/** Few rows by their nature: one per service, environment and metric. */
const judgeHistoryBefore = (db: Db, before: Instant) =>
  db.deleteFrom('judge_history').where('at', '<', before).executeTakeFirstOrThrow();

/** Goes on where it was the last time, so that what was pruned long ago is not looked at every hour. */
async function pruneMessages(connection: Connection, before: Instant): Promise<number> {
  let all = 0;
  for (;;) {
    const { deployments, deleted } = await connection.transaction((trx) => messagesOfSome(trx, before));
    all += deleted;
    if (deployments < DEPLOYMENTS_AT_ONCE) return all;
    await yieldToOthers();
  }
}

async function messagesOfSome(trx: Db, before: Instant): Promise<{ deployments: number; deleted: number }> {
  const { last: from } = await trx
    .selectFrom('sequences')
    .select('last')
    .where('name', '=', 'messages_pruned_until')
    .executeTakeFirstOrThrow();
  const first = await trx
    .selectFrom('deployments')
    .select('ended_at')
    .where('ended_at', '>', from)
    .where('ended_at', '<', before)
    .orderBy('ended_at')
    .limit(DEPLOYMENTS_AT_ONCE)
    .execute();
  const until = first.at(-1)?.ended_at;
  if (until == null) return { deployments: 0, deleted: 0 };
  // All that ended in the last of these moments, so that none is passed over.
  const ended = await trx
    .selectFrom('deployments')
    .select('id')
    .where('ended_at', '>', from)
    .where('ended_at', '<=', until)
    .execute();
  let deleted = 0n;
  for (const { id } of ended) {
    const messages = await trx
      .deleteFrom('live_messages')
      .where('deployment', '=', id)
      .where('key', 'not in', ['card', 'change_request'])
      .where('next_at', 'is', null)
      .executeTakeFirstOrThrow();
    const charts = await trx
      .deleteFrom('charts')
      .where('deployment', '=', id)
      .where('next_at', 'is', null)
      .executeTakeFirstOrThrow();
    deleted += messages.numDeletedRows + charts.numDeletedRows;
  }
  await trx
    .updateTable('sequences')
    .set({ last: until })
    .where('name', '=', 'messages_pruned_until')
    .execute();
  return { deployments: ended.length, deleted: Number(deleted) };
}
