/** The simulated world's only memory: every command it accepted, once per key, in a SQLite file of its own. */

import Database from 'better-sqlite3';
import { z } from 'zod';
import type { Instant } from '../../time.ts';
import { openFence } from '../fence.ts';
import type { Commanded, Target } from '../port.ts';

const stepSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('set-weight'), percent: z.number().min(0).max(100) }),
  z.object({
    kind: z.literal('batch'),
    number: z.int().positive(),
    of: z.int().positive(),
    keep: z.number().min(0).max(100).exactOptional(),
  }),
  z.object({ kind: z.enum(['stand-up', 'replace', 'retire-old']) }),
]);

const commandSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('apply'), version: z.string(), digest: z.string(), step: stepSchema }),
  z.object({ kind: z.literal('rollback'), version: z.string(), to: z.string().nullable() }),
]);

export type Command = z.infer<typeof commandSchema>;

const rowSchema = z.object({
  key: z.string(),
  service: z.string(),
  environment: z.string(),
  body: z.string(),
  at: z.number(),
  deliveries: z.number(),
});

export interface CommandRecord extends Target {
  key: string;
  command: Command;
  at: Instant;
  /** How often it was delivered; only the first did anything. */
  deliveries: number;
}

export interface CommandLog {
  /** When the world began; the first process to open the file decides. */
  readonly startedAt: Instant;
  has(key: string): boolean;
  /** Records the command, or counts one more delivery of it; nothing of one that is overtaken. */
  record(key: string, by: Commanded, command: Command, at: Instant): void;
  /** In the order they were accepted. */
  commands(target?: Target): CommandRecord[];
  close(): void;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS world (only INTEGER PRIMARY KEY CHECK (only = 1), seed INTEGER NOT NULL, started_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS commands (
    key TEXT PRIMARY KEY, service TEXT NOT NULL, environment TEXT NOT NULL,
    body TEXT NOT NULL, at INTEGER NOT NULL, deliveries INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS commands_by_target ON commands (service, environment);
`;

/** Throws where the file belongs to a world with another seed: its past would silently change. */
export function openCommandLog(file: string, seed: number, startedAt: Instant): CommandLog {
  const db = new Database(file);
  db.pragma('busy_timeout = 5000');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(TABLES);
  const fence = openFence(db);
  db.prepare('INSERT OR IGNORE INTO world VALUES (1, ?, ?)').run(seed, startedAt);
  const world = z
    .object({ seed: z.number(), started_at: z.number() })
    .parse(db.prepare('SELECT seed, started_at FROM world').get());
  if (world.seed !== seed) {
    db.close();
    throw new Error(`simulator: ${file} is a world with seed ${world.seed}, not ${seed}`);
  }
  const known = db.prepare('SELECT 1 FROM commands WHERE key = ?');
  const insert = db.prepare(`INSERT INTO commands VALUES (@key, @service, @environment, @body, @at, 1)
    ON CONFLICT (key) DO UPDATE SET deliveries = deliveries + 1`);
  const all = db.prepare('SELECT * FROM commands ORDER BY rowid');
  const ofTarget = db.prepare('SELECT * FROM commands WHERE service = ? AND environment = ? ORDER BY rowid');
  const commandOf = createReadCommand();
  const record = db.transaction((key: string, by: Commanded, command: Command, at: Instant): void => {
    if (known.get(key) === undefined && !fence.passes(by)) return;
    const { service, environment } = by;
    insert.run({ key, service, environment, body: JSON.stringify(command), at });
  });
  return {
    startedAt: world.started_at,
    has: (key) => known.get(key) !== undefined,
    record: (key, by, command, at) => record.immediate(key, by, command, at),
    commands(target) {
      const rows = target === undefined ? all.all() : ofTarget.all(target.service, target.environment);
      return rows.map((row) => {
        const { body, ...rest } = rowSchema.parse(row);
        return { ...rest, command: commandOf(body) };
      });
    },
    close: () => db.close(),
  };
}

/** Every look at the world reads all that a place was told, and none of it ever changes: each text is read once. */
function createReadCommand(): (body: string) => Command {
  const known = new Map<string, Command>();
  return (body) => {
    const command = known.get(body) ?? commandSchema.parse(JSON.parse(body));
    known.set(body, command);
    return command;
  };
}
