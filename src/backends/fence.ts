/** Which command of each deployment is the newest: an older one, of a process that stood still, has no effect any more (RB-1). */

import type Database from 'better-sqlite3';
import type { Commanded } from './port.ts';

export interface Fence {
  /** Whether nothing newer of its deployment has come; then it is itself the newest. Asked in the transaction that accepts it. */
  passes(command: Pick<Commanded, 'deployment' | 'sequence'>): boolean;
}

export function openFence(db: Database.Database): Fence {
  db.exec('CREATE TABLE IF NOT EXISTS newest_of (deployment TEXT PRIMARY KEY, sequence INTEGER NOT NULL)');
  const pass = db.prepare(
    `INSERT INTO newest_of VALUES (@deployment, @sequence)
     ON CONFLICT (deployment) DO UPDATE SET sequence = excluded.sequence WHERE excluded.sequence >= sequence`,
  );
  return {
    passes: ({ deployment, sequence }) => pass.run({ deployment, sequence }).changes === 1,
  };
}
