/** What this backend was told, once per key, and what became of it at GitHub: in a file that outlives the process. */

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { Instant } from '../../time.ts';
import { openFence } from '../fence.ts';
import type { Commanded } from '../port.ts';
import { type Jobs, openJobs } from './jobs.ts';
import { seenSchema } from './seen.ts';

const orderSchema = z.object({
  kind: z.enum(['step', 'back']),
  /** As the workflow is told it: `replace`, `set-weight`, `rollback`. */
  step: z.string(),
  /** What comes to run, or for a rollback what runs again. */
  version: z.string(),
  sha: z.string(),
  digest: z.string(),
  inputs: z.record(z.string(), z.string()),
  /** What is true once the run has succeeded. */
  leaves: seenSchema,
});

export type Order = z.output<typeof orderSchema>;

/**
 * `accepted`: not sent, or certainly not taken. `sending`: it may have been taken. `sent`: taken, its run is not known yet.
 * `running`: its run is. The others are its end.
 */
const STATES = ['accepted', 'sending', 'sent', 'running', 'succeeded', 'failed', 'overtaken'] as const;
export type State = (typeof STATES)[number];

const rowSchema = z.object({
  seq: z.number(),
  id: z.string(),
  state: z.enum(STATES),
  since: z.number(),
  run: z.number().nullable(),
  deployment: z.number().nullable(),
  cancelled: z.number(),
  problem: z.string().nullable(),
  body: z.string().transform((body) => orderSchema.parse(JSON.parse(body))),
});

export interface Ordered {
  seq: number;
  /** Stands in the name of its run. */
  id: string;
  order: Order;
  state: State;
  /** When it came to this state. */
  since: Instant;
  run: number | undefined;
  /** Of GitHub, where one is written. */
  deployment: number | undefined;
  /** GoNoGo asked GitHub to cancel its run. */
  cancelled: boolean;
  problem: string | undefined;
}

interface Accepting {
  command: Commanded;
  order: Order;
  now: Instant;
}

export interface Journal {
  readonly jobs: Jobs;
  /** Undefined where the key is new; `joined` where it had nothing of its own to do. */
  find(key: string): Ordered | 'joined' | undefined;
  /** False where the key was there before, or a newer command of the same deployment. */
  accept(key: string, place: string, id: string, of: Accepting): boolean;
  /** Keeps a key that has nothing of its own to do. */
  join(key: string, place: string, command: Commanded, now: Instant): void;
  /** Oldest first: whatever is not at its end. */
  live(place: string): Ordered[];
  /** Of those that were sent, or may have been. */
  newest(place: string): Ordered | undefined;
  lastSucceeded(place: string): Ordered | undefined;
  /** What was signed under this name when it was deployed from here. */
  release(place: string, version: string): Pick<Order, 'sha' | 'digest'> | undefined;
  /** What a run of this backend carries out, and where. */
  ofRun(run: number): { place: string; ordered: Ordered } | undefined;
  /** Moves on only where it still is in the state that was seen: of two processes one does it. */
  move(seq: number, from: State, to: State, now: Instant, more?: { run?: number; problem?: string }): boolean;
  wrote(seq: number, deployment: number): void;
  cancel(seq: number): void;
  close(): void;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS orders (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, place TEXT NOT NULL, id TEXT NOT NULL,
    version TEXT NOT NULL, body TEXT, state TEXT NOT NULL, since INTEGER NOT NULL, run INTEGER, deployment INTEGER,
    cancelled INTEGER NOT NULL DEFAULT 0, problem TEXT);
  CREATE INDEX IF NOT EXISTS orders_by_place ON orders (place, seq);
  CREATE INDEX IF NOT EXISTS orders_by_run ON orders (run);
`;
const COLUMNS = 'seq, id, state, since, run, deployment, cancelled, problem, body';

export function openJournal(folder: string): Journal {
  const db = new Database(join(folder, 'github-actions.db'));
  db.pragma('busy_timeout = 5000');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(TABLES);
  const fence = openFence(db);
  const select = (where: string) =>
    db.prepare(`SELECT ${COLUMNS} FROM orders WHERE body IS NOT NULL AND ${where}`);
  const byKey = db.prepare(`SELECT ${COLUMNS} FROM orders WHERE key = ?`);
  const insert = db.prepare(
    `INSERT OR IGNORE INTO orders (key, place, id, version, body, state, since) VALUES (?, ?, ?, ?, ?, 'accepted', ?)`,
  );
  const join_ = db.prepare(
    `INSERT OR IGNORE INTO orders (key, place, id, version, body, state, since) VALUES (?, ?, '', '', NULL, 'overtaken', ?)`,
  );
  const live = select(`place = ? AND state IN ('accepted', 'sending', 'sent', 'running') ORDER BY seq`);
  const newest = select(`place = ? AND state <> 'accepted' ORDER BY seq DESC LIMIT 1`);
  const lastSucceeded = select(`place = ? AND state = 'succeeded' ORDER BY since DESC, seq DESC LIMIT 1`);
  const release = select('place = ? AND version = ? ORDER BY seq DESC LIMIT 1');
  const placeOf = db.prepare('SELECT place FROM orders WHERE run = ?').pluck();
  const ofRun = select('run = ?');
  const move = db.prepare(
    `UPDATE orders SET state = @to, since = @now, run = coalesce(@run, run), problem = @problem
     WHERE seq = @seq AND state = @from`,
  );
  const wrote = db.prepare('UPDATE orders SET deployment = ? WHERE seq = ?');
  const cancel = db.prepare('UPDATE orders SET cancelled = 1 WHERE seq = ?');
  const accept = db.transaction(
    (key: string, place: string, id: string, { command, order, now }: Accepting) =>
      fence.passes(command) &&
      insert.run(key, place, id, order.version, JSON.stringify(order), now).changes === 1,
  );
  const one = (row: unknown): Ordered | undefined => (row === undefined ? undefined : read(row));
  return {
    jobs: openJobs(db),
    find(key) {
      const row = byKey.get(key) as { body: string | null } | undefined;
      if (row === undefined) return undefined;
      return row.body === null ? 'joined' : read(row);
    },
    accept: (key, place, id, of) => accept.immediate(key, place, id, of),
    join(key, place, command, now) {
      fence.passes(command);
      join_.run(key, place, now);
    },
    live: (place) => live.all(place).map(read),
    newest: (place) => one(newest.get(place)),
    lastSucceeded: (place) => one(lastSucceeded.get(place)),
    release(place, version) {
      const found = one(release.get(place, version))?.order;
      return found === undefined ? undefined : { sha: found.sha, digest: found.digest };
    },
    ofRun(run) {
      const ordered = one(ofRun.get(run));
      return ordered && { place: z.string().parse(placeOf.get(run)), ordered };
    },
    move: (seq, from, to, now, { run, problem } = {}) =>
      move.run({ seq, from, to, now, run: run ?? null, problem: problem ?? null }).changes === 1,
    wrote: (seq, deployment) => void wrote.run(deployment, seq),
    cancel: (seq) => void cancel.run(seq),
    close: () => void db.close(),
  };
}

function read(row: unknown): Ordered {
  const { body, run, deployment, problem, cancelled, ...rest } = rowSchema.parse(row);
  return {
    ...rest,
    order: body,
    run: run ?? undefined,
    deployment: deployment ?? undefined,
    problem: problem ?? undefined,
    cancelled: cancelled === 1,
  };
}
