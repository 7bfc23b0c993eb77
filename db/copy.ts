/** A copy of a SQLite file as it stands at one moment, whoever writes to it meanwhile: whole, checked, and in one file (OP-2). */

import { closeSync, openSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { DatabaseFault } from '../src/conductor/ports/faults.ts';
import { BUSY_TIMEOUT_MS, faultOf } from './sqlite.ts';

/** All pages in one step: in several, each write of another process would begin the copy anew. */
const ALL_PAGES = 0x7fffffff;
const BEGINNING = 'SQLite format 3\0';

export const isSqlite = (beginning: Buffer): boolean =>
  beginning.toString('latin1', 0, BEGINNING.length) === BEGINNING;

/** `to` must be a file that is not there; what was begun of it stays where this throws. A `DatabaseFault` for what is damaged. */
export async function copySqlite(from: string, to: string): Promise<void> {
  closeSync(openSync(to, 'wx', 0o600));
  try {
    const source = new SQLite(from, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      await source.backup(to, { progress: () => ALL_PAGES });
    } finally {
      source.close();
    }
    completeCopy(to);
  } catch (error) {
    throw faultOf(error) ?? error;
  }
}

/** Without a log beside it, so that the one file is all of it; and read from end to end. */
function completeCopy(file: string): void {
  const copy = new SQLite(file, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = DELETE');
    const [found] = copy.pragma('integrity_check(1)') as { integrity_check: string }[];
    if (found?.integrity_check !== 'ok')
      throw new DatabaseFault('damaged', found?.integrity_check ?? 'it cannot be checked');
  } finally {
    copy.close();
  }
}

/** Of ids that buttons in Slack carry; the others number rows of the record, without a gap. */
const SHOWN_IDS = ['deployment', 'freeze', 'lock'] as const;

/** So many ids of each kind are never given: people may hold messages that speak of them. */
export function skipIds(file: string, many: number): void {
  const database = new SQLite(file, { fileMustExist: true });
  try {
    const skip = database.prepare('update sequences set last = last + ? where name = ?');
    database.transaction(() => {
      for (const name of SHOWN_IDS) skip.run(many, name);
    })();
  } finally {
    database.close();
  }
}
