/** Which keys this backend has carried out, and which command at a place is the newest: in a file that outlives the process. */

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { openFence } from '../fence.ts';
import type { Commanded } from '../port.ts';

const orderSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('forward'), version: z.string() }),
  z.object({ kind: z.literal('back'), version: z.string().nullable(), from: z.string() }),
]);

export type Order = z.infer<typeof orderSchema>;

export interface Begun {
  /** A repeat of a key gets a new one, as long as it is not over. */
  ticket: number;
  /** It is done, or a newer command of its deployment has come. */
  isOver: boolean;
}

export interface Journal {
  /** Written down before anything is told to the cluster. */
  begin(key: string, place: string, command: Commanded, order: Order): Begun;
  done(key: string): void;
  /** Whether another command came to the place after this one. */
  isOvertaken(place: string, key: string, ticket: number): boolean;
  /** The newest that was carried out. */
  newest(place: string): Order | undefined;
  close(): void;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS commands (
    key TEXT PRIMARY KEY, place TEXT NOT NULL, ticket INTEGER NOT NULL, body TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS commands_by_place ON commands (place, ticket);
`;

export function openJournal(folder: string): Journal {
  const db = new Database(join(folder, 'commands.db'));
  db.pragma('busy_timeout = 5000');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(TABLES);
  const fence = openFence(db);
  const doneAlready = db.prepare('SELECT ticket FROM commands WHERE key = ? AND done = 1').pluck();
  const write = db
    .prepare(
      `INSERT INTO commands (key, place, ticket, body)
       VALUES (@key, @place, (SELECT coalesce(max(ticket), 0) + 1 FROM commands), @body)
       ON CONFLICT (key) DO UPDATE SET ticket = (SELECT max(ticket) + 1 FROM commands) RETURNING ticket`,
    )
    .pluck();
  const begin = db.transaction((key: string, place: string, command: Commanded, order: Order): Begun => {
    const ticket = doneAlready.get(key);
    if (typeof ticket === 'number') return { ticket, isOver: true };
    if (!fence.passes(command)) return { ticket: 0, isOver: true };
    return { ticket: Number(write.get({ key, place, body: JSON.stringify(order) })), isOver: false };
  });
  const done = db.prepare('UPDATE commands SET done = 1 WHERE key = ?');
  const later = db.prepare('SELECT 1 FROM commands WHERE place = ? AND key <> ? AND ticket > ? LIMIT 1');
  const newest = db
    .prepare('SELECT body FROM commands WHERE place = ? AND done = 1 ORDER BY ticket DESC LIMIT 1')
    .pluck();
  return {
    begin: (key, place, command, order) => begin.immediate(key, place, command, order),
    done: (key) => void done.run(key),
    isOvertaken: (place, key, ticket) => later.get(place, key, ticket) !== undefined,
    newest(place) {
      const body = newest.get(place);
      return typeof body === 'string' ? orderSchema.parse(JSON.parse(body)) : undefined;
    },
    close: () => void db.close(),
  };
}
