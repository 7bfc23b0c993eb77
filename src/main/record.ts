/** The record and what stands beside its file. */

import { openDatabase } from '../../db/open.ts';
import type { KeyChange } from '../../db/seal.ts';
import type { Stores } from '../conductor/ports/stores.ts';
import type { Environment } from '../config/environment.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../time.ts';

export function openRecord(
  environment: Environment,
  log: Log,
  point: (name: string) => void,
  realTime: Pick<Clock, 'now'>,
): Promise<Stores> {
  return openDatabase({
    file: environment.GONOGO_DB,
    now: () => realTime.now(),
    hooks: { point },
    keys: environment.GONOGO_RECORD_KEY,
    onKeyChange: (change, checkpoint) => logKeyChange(log, change, checkpoint),
  });
}

/** Where a rollback is kept that the record cannot take: nothing of a record in memory outlives the process. */
export function spoolBeside(db: string): string | undefined {
  return db === ':memory:' ? undefined : `${db}.rollbacks`;
}

/** A record that was changed past the bot looks like one that was sealed with a key that is not given any more. */
function logKeyChange(log: Log, change: KeyChange, checkpoint: string): void {
  if (change === 'misfit')
    log.error({ checkpoint }, 'the seal of the record does not fit GONOGO_RECORD_KEY: audit it');
  else log.warn({ checkpoint, key: change }, 'the key that seals the record');
}
