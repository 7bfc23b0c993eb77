/** Deletes what has served its time; the record itself is never touched. */

import { DAY, type Duration, type Instant, MINUTE } from '../src/time.ts';
import type { Connection } from './connection.ts';

/** Slack repeats a delivery for an hour and a CI system for a few days. */
export const KEEP_INBOX: Duration = 7 * DAY;
/** What was carried out is in the events; this is kept as long as application logs are (AU-4). */
export const KEEP_EFFECTS: Duration = 30 * DAY;
/** A timestamp is accepted five minutes around the clock, so ten from the first use to the last; half as long again. */
export const KEEP_SIGNATURES: Duration = 15 * MINUTE;

/** Small enough that nobody waits for it. */
const BATCH = 500;

export async function prune(
  connection: Connection,
  now: Instant,
): Promise<{ inbox: number; effects: number; signatures: number }> {
  const inbox = await inBatches(connection, (c) => pruneInbox(c, now - KEEP_INBOX));
  const effects = await inBatches(connection, (c) => pruneEffects(c, now - KEEP_EFFECTS));
  // Used on the system's clock, whatever the clock of the record says.
  const signatures = await inBatches(connection, (c) => pruneSignatures(c, c.now() - KEEP_SIGNATURES));
  return { inbox, effects, signatures };
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

async function pruneSignatures(connection: Connection, before: Instant): Promise<bigint> {
  const { numDeletedRows } = await connection.run((db) =>
    db
      .deleteFrom('api_signatures')
      .where('signature', 'in', (eb) =>
        eb.selectFrom('api_signatures').select('signature').where('used_at', '<', before).limit(BATCH),
      )
      .executeTakeFirstOrThrow(),
  );
  return numDeletedRows;
}
