/** Which command of a place is the newest: an older one, of a process that stood still, has no effect any more (RB-1). */

import type Database from 'better-sqlite3';
import type { Commanded } from './port.ts';

type Fenced = Pick<Commanded, 'service' | 'environment' | 'deployment' | 'sequence'>;

export interface Fence {
  /** Whether nothing newer of its record has come to its place; then it is itself the newest. Asked in the transaction that accepts it. */
  passes(command: Fenced): boolean;
}

/** One row for each place, and record that commands there: however many deployments there were. */
export function openFence(db: Database.Database): Fence {
  db.exec(
    `CREATE TABLE IF NOT EXISTS newest_at (service TEXT, environment TEXT, record TEXT, sequence INTEGER NOT NULL,
     PRIMARY KEY (service, environment, record))`,
  );
  const pass = db.prepare(
    `INSERT INTO newest_at VALUES (@service, @environment, @record, @sequence)
     ON CONFLICT DO UPDATE SET sequence = excluded.sequence WHERE excluded.sequence >= sequence`,
  );
  return {
    passes: ({ service, environment, deployment, sequence }) =>
      pass.run({ service, environment, record: recordOf(deployment), sequence }).changes === 1,
  };
}

/** `mh3kq2x0` of `D-1042@mh3kq2x0`. */
const recordOf = (deployment: string): string => deployment.slice(deployment.lastIndexOf('@') + 1);
