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

/** What a restored record must not give once more: the world remembers what came after the backup. */
export interface Skip {
  /** So many ids of each kind: people may hold messages that speak of them. */
  ids: number;
  /** Commands go on from here, or higher: backends may remember newer ones, and take those that are lower for old (RB-1). */
  commandsFrom: number;
}

/** Whoever restores a second time finds the commands of the first restored record lower. */
const MORE_COMMANDS = 1_000_000;

export function skip(file: string, { ids, commandsFrom }: Skip): void {
  const database = new SQLite(file, { fileMustExist: true });
  try {
    const further = database.prepare('update sequences set last = last + ? where name = ?');
    // A record of an older version has no such number yet, and keeps this one.
    const commands = database.prepare(
      `insert into sequences (name, last) values ('commands', @from)
       on conflict (name) do update set last = max(@from, last + @more)`,
    );
    database.transaction(() => {
      for (const name of SHOWN_IDS) further.run(ids, name);
      commands.run({ from: commandsFrom, more: MORE_COMMANDS });
    })();
  } finally {
    database.close();
  }
}
