/** Jobs that wait at GitHub for an answer from here, and the deliveries that were taken: written down beside the journal. */

import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { DAY, type Duration, type Instant } from '../../time.ts';

const rowSchema = z.object({
  key: z.string(),
  repository: z.string(),
  run: z.number(),
  environment: z.string(),
  event: z.string(),
  sha: z.string(),
  /** Since when it is known. */
  at: z.number(),
  /** When it came to its state. */
  since: z.number(),
  state: z.enum(['open', 'answered', 'mute']),
  trouble: z.string().nullable(),
});

/** `mute`: nothing there could be answered with these credentials. */
export type Job = z.output<typeof rowSchema>;
export type NewJob = Pick<Job, 'key' | 'repository' | 'run' | 'environment' | 'event' | 'sha'>;

export interface Jobs {
  /** What a delivery brought, once: false where the same was taken before. */
  take(delivery: string, job: NewJob | undefined, now: Instant): boolean;
  /** A run was seen to wait: opened where nothing of it is open. */
  see(job: NewJob, now: Instant): void;
  /** Oldest first. */
  open(): Job[];
  find(key: string): Job | undefined;
  /** The newest of a run in an environment. */
  newest(run: number, environment: string): Job | undefined;
  /** Answered for the whole run there, as GitHub takes it; what came since `before` waits on. */
  answered(job: Pick<Job, 'run' | 'environment'>, before: Instant, now: Instant): void;
  mute(key: string, now: Instant): void;
  /** The run does not wait any more, whoever answered. */
  wentOn(run: number, environment: string, now: Instant): void;
  trouble(key: string, message: string): void;
}

/** GitHub itself gives up what waits so long. */
const KEPT_FOR: Duration = 30 * DAY;

const TABLES = `
  CREATE TABLE IF NOT EXISTS jobs (
    key TEXT PRIMARY KEY, repository TEXT NOT NULL, run INTEGER NOT NULL, environment TEXT NOT NULL, event TEXT NOT NULL,
    sha TEXT NOT NULL, at INTEGER NOT NULL, since INTEGER NOT NULL, state TEXT NOT NULL, trouble TEXT) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, at);
  CREATE INDEX IF NOT EXISTS jobs_by_run ON jobs (run, environment, at);
  CREATE TABLE IF NOT EXISTS deliveries (hash TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS deliveries_by_time ON deliveries (at);
`;

export function openJobs(db: Database): Jobs {
  db.exec(TABLES);
  const select = (where: string) =>
    db.prepare(
      `SELECT key, repository, run, environment, event, sha, at, since, state, trouble FROM jobs WHERE ${where}`,
    );
  const insert = db.prepare(
    `INSERT OR IGNORE INTO jobs (key, repository, run, environment, event, sha, at, since, state)
     VALUES (@key, @repository, @run, @environment, @event, @sha, @now, @now, 'open')`,
  );
  const deliver = db.prepare('INSERT OR IGNORE INTO deliveries (hash, at) VALUES (?, ?)');
  const forget = [
    db.prepare('DELETE FROM deliveries WHERE at < ?'),
    db.prepare(`DELETE FROM jobs WHERE state = 'open' AND at < ?`),
    db.prepare(`DELETE FROM jobs WHERE state <> 'open' AND at < ?`),
  ];
  const open = select(`state = 'open' ORDER BY at, key`);
  const byKey = select('key = ?');
  const newest = select('run = ? AND environment = ? ORDER BY at DESC, key DESC LIMIT 1');
  const openOfRun = select(`run = ? AND environment = ? AND state = 'open' LIMIT 1`);
  const answered = db.prepare(
    `UPDATE jobs SET state = 'answered', since = @now, trouble = NULL
     WHERE run = @run AND environment = @environment AND state = 'open' AND at <= @before`,
  );
  const mute = db.prepare(
    `UPDATE jobs SET state = 'mute', since = @now, trouble = NULL WHERE key = @key AND state = 'open'`,
  );
  const wentOn = db.prepare(
    `UPDATE jobs SET state = 'answered', since = @now, trouble = NULL
     WHERE run = @run AND environment = @environment AND state <> 'answered'`,
  );
  const trouble = db.prepare(`UPDATE jobs SET trouble = ? WHERE key = ? AND state = 'open'`);
  const one = (row: unknown): Job | undefined => (row === undefined ? undefined : rowSchema.parse(row));
  return {
    take: db.transaction((delivery: string, job: NewJob | undefined, now: Instant) => {
      if (deliver.run(delivery, now).changes === 0) return false;
      if (job !== undefined) insert.run({ ...job, now });
      for (const old of forget) old.run(now - KEPT_FOR);
      return true;
    }),
    see: db.transaction((job: NewJob, now: Instant) => {
      if (openOfRun.get(job.run, job.environment) === undefined) insert.run({ ...job, now });
    }),
    open: () => open.all().map((row) => rowSchema.parse(row)),
    find: (key) => one(byKey.get(key)),
    newest: (run, environment) => one(newest.get(run, environment)),
    answered: ({ run, environment }, before, now) => void answered.run({ run, environment, before, now }),
    mute: (key, now) => void mute.run({ key, now }),
    wentOn: (run, environment, now) => void wentOn.run({ run, environment, now }),
    trouble: (key, message) => void trouble.run(message, key),
  };
}
