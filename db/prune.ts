/** Deletes what has served its time; the record itself is never touched. */

import { DAY, type Duration, type Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';

/** Slack repeats a delivery for an hour and a CI system for a few days. */
export const KEEP_INBOX: Duration = 7 * DAY;
/** What was carried out is in the events; this is kept as long as application logs are (AU-4). */
export const KEEP_EFFECTS: Duration = 30 * DAY;

/** Small enough that nobody waits for it. */
const BATCH = 500;

export async function prune(
  connection: Connection,
  now: Instant,
): Promise<{ inbox: number; effects: number }> {
  const inbox = await inBatches(connection, (c) => pruneInbox(c, now - KEEP_INBOX));
  const effects = await inBatches(connection, (c) => pruneEffects(c, now - KEEP_EFFECTS));
  return { inbox, effects };
}

async function inBatches(
  connection: Connection,
  deleteSome: (connection: Connection) => Promise<bigint>,
): Promise<number> {
  let all = 0;
  for (;;) {
    const deleted = Number(await deleteSome(connection));
    all += deleted;
    if (deleted < BATCH) return all;
  }
}

async function pruneInbox(connection: Connection, before: Instant): Promise<bigint> {
  const { numDeletedRows } = await connection.run((db) =>
    db
      .deleteFrom('inbox')
      .where('key', 'in', (eb) => eb.selectFrom('inbox').select('key').where('at', '<', before).limit(BATCH))
      .executeTakeFirstOrThrow(),
  );
  return numDeletedRows;
}

async function pruneEffects(connection: Connection, before: Instant): Promise<bigint> {
  const { numDeletedRows } = await connection.run((db) =>
    db
      .deleteFrom('effects')
      .where('key', 'in', (eb) =>
        eb.selectFrom('effects').select('key').where('done_at', '<', before).limit(BATCH),
      )
      .executeTakeFirstOrThrow(),
  );
  return numDeletedRows;
}
