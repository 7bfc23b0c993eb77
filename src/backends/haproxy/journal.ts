/** What this backend was told, once per key, and what it made of HAProxy: in a file that outlives the process. */

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { Duration, Instant } from '../../time.ts';
import { openFence } from '../fence.ts';
import type { Commanded } from '../port.ts';
import type { Admin } from './runtime-api.ts';

const release = { version: z.string(), sha: z.string(), digest: z.string() };

const orderSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('share'), percent: z.number(), ...release }),
  z.object({ kind: z.literal('stand-up'), ...release }),
  z.object({
    kind: z.literal('batch'),
    number: z.number(),
    of: z.number(),
    keep: z.number().optional(),
    ...release,
  }),
  z.object({ kind: z.literal('replace'), ...release }),
  z.object({ kind: z.literal('retire-old'), ...release }),
  /** `from` is taken out; the digest is that of `version`, which comes back (empty where nobody knows it). */
  z.object({ kind: z.literal('back'), from: z.string(), ...release, version: z.string().nullable() }),
  /** Nothing to do: the key alone is kept. */
  z.object({ kind: z.literal('none') }),
]);

export type Order = z.infer<typeof orderSchema>;

const rowSchema = z.object({
  seq: z.number(),
  state: z.enum(['accepted', 'done', 'failed']),
  problem: z.string().nullable(),
  body: z.string().transform((body) => orderSchema.parse(JSON.parse(body))),
});

export interface Ordered {
  seq: number;
  order: Order;
  state: 'accepted' | 'done' | 'failed';
  problem: string | null;
}

export interface Asserted {
  /** Which HAProxy process was told it. */
  incarnation: string;
  servers: Record<string, { weight: number; admin: Admin }>;
}

const assertedSchema = z.object({
  incarnation: z.string(),
  servers: z.record(z.string(), z.object({ weight: z.number(), admin: z.enum(['ready', 'drain', 'maint']) })),
});

export interface Journal {
  has(key: string): boolean;
  /** False where the key was there before, or a newer command of the same deployment. */
  accept(key: string, place: string, command: Commanded, order: Order): boolean;
  /** The newest that had something to do: whatever came before it is over. */
  newest(place: string): Ordered | undefined;
  /** The newest that says how the traffic is shared, done or not. */
  newestShare(place: string): Ordered | undefined;
  /** Takes an order on, for a while: no other process works on it meanwhile. */
  take(seq: number, owner: string, now: Instant, lease: Duration): boolean;
  release(seq: number, owner: string): void;
  end(seq: number, state: 'done' | 'failed', problem?: string): void;
  asserted(place: string): Asserted | undefined;
  assert(place: string, asserted: Asserted): void;
  close(): void;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS orders (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, place TEXT NOT NULL, kind TEXT NOT NULL,
    body TEXT NOT NULL, state TEXT NOT NULL, problem TEXT, owner TEXT, owned_until INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS orders_by_place ON orders (place, seq);
  CREATE TABLE IF NOT EXISTS asserted (place TEXT PRIMARY KEY, body TEXT NOT NULL);
`;

export function openJournal(folder: string): Journal {
  const db = new Database(join(folder, 'haproxy.db'));
  db.pragma('busy_timeout = 5000');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(TABLES);
  const fence = openFence(db);
  const known = db.prepare('SELECT 1 FROM orders WHERE key = ?');
  const insert = db.prepare(
    `INSERT OR IGNORE INTO orders (key, place, kind, body, state) VALUES (?, ?, ?, ?, 'accepted')`,
  );
  const newest = db.prepare(
    `SELECT seq, state, problem, body FROM orders WHERE place = ? AND kind <> 'none' ORDER BY seq DESC LIMIT 1`,
  );
  const newestShare = db.prepare(
    `SELECT seq, state, problem, body FROM orders WHERE place = ? AND kind NOT IN ('none', 'stand-up', 'retire-old')
     ORDER BY seq DESC LIMIT 1`,
  );
  const take = db.prepare(
    `UPDATE orders SET owner = @owner, owned_until = @until
     WHERE seq = @seq AND state = 'accepted' AND (owner IS NULL OR owner = @owner OR owned_until < @now)`,
  );
  const free = db.prepare('UPDATE orders SET owner = NULL WHERE seq = ? AND owner = ?');
  const end = db.prepare('UPDATE orders SET state = ?, problem = ? WHERE seq = ?');
  const asserted = db.prepare('SELECT body FROM asserted WHERE place = ?').pluck();
  const assert = db.prepare('INSERT OR REPLACE INTO asserted VALUES (?, ?)');
  const accept = db.transaction(
    (key: string, place: string, command: Commanded, order: Order) =>
      fence.passes(command) && insert.run(key, place, order.kind, JSON.stringify(order)).changes === 1,
  );
  return {
    has: (key) => known.get(key) !== undefined,
    accept: (key, place, command, order) => accept.immediate(key, place, command, order),
    newest: (place) => read(newest.get(place)),
    newestShare: (place) => read(newestShare.get(place)),
    take: (seq, owner, now, lease) => take.run({ seq, owner, now, until: now + lease }).changes === 1,
    release: (seq, owner) => void free.run(seq, owner),
    end: (seq, state, problem) => void end.run(state, problem ?? null, seq),
    asserted(place) {
      const body = asserted.get(place);
      return typeof body === 'string' ? assertedSchema.parse(JSON.parse(body)) : undefined;
    },
    assert: (place, what) => void assert.run(place, JSON.stringify(what)),
    close: () => void db.close(),
  };
}

function read(row: unknown): Ordered | undefined {
  if (row === undefined) return undefined;
  const { body, ...rest } = rowSchema.parse(row);
  return { ...rest, order: body };
}
