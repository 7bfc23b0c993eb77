/** `gonogo backup` and `gonogo restore`: a copy of the record that is proven when it is made, and again when it is taken (OP-2). */

import { existsSync } from 'node:fs';
import { skip } from '../../db/copy.ts';
import { DatabaseTooOld } from '../../db/migrate.ts';
import { openToRead, type RecordReader } from '../../db/open.ts';
import { readRecordKeys } from '../config/environment.ts';
import { messageOf } from '../message-of.ts';
import { type CliCommand, cliCommand, complain, EXIT, misused, say } from './command.ts';
import { copyRecord, inTheWay } from './record-files.ts';
import { type Found, tellFits } from './verified.ts';
import { DATABASE, recordFile } from './with-record.ts';

export const backup: CliCommand = cliCommand({
  forms: ['backup FILE [--db FILE]'],
  summary: 'copy the record, also while the bot runs, and prove the copy',
  more: 'FILE must not be there. It answers 0 where the copy is whole and fits, 1 where it is whole and the record does not fit.\nWhat adapters keep beside the record is copied to FILE.adapters. GONOGO_RECORD_KEY is read where it is set.',
  options: { db: DATABASE },
  async run({ values, positionals: [to, ...more] }) {
    if (to === undefined || more.length > 0) return misused(backup);
    return copyAndTell(recordFile(values.db), to, { remedy: 'Choose another name for the copy.' });
  },
});

export const restore: CliCommand = cliCommand({
  forms: ['restore FILE [--db FILE]'],
  summary: 'put a backup where the record was, once it is proven',
  more: 'Nothing is written over: move what is left of the old record away first, with the bot stopped.\nIt answers as backup does.',
  options: { db: DATABASE },
  async run({ values, positionals: [from, ...more] }) {
    if (from === undefined || more.length > 0) return misused(restore);
    const to = recordFile(values.db);
    const exit = await copyAndTell(from, to, {
      remedy: 'Stop the bot and move it away first; nothing was changed.',
      // A button in Slack may speak of what is not in the backup: its number must not be another deployment's.
      // Milliseconds: no record makes as many commands as have passed of them, so they are higher than any that was lost.
      finish: (copy) => skip(copy, { ids: SKIPPED_IDS, commandsFrom: Date.now() }),
    });
    if (existsSync(to) && (exit === EXIT.ok || exit === EXIT.failed))
      say(
        `What happened since the backup is not in it; the next numbers are ${SKIPPED_IDS} further, so that none is given twice, and its commands count from higher than any before, so that backends take none for an old one. Compare it with the last checkpoint that was published: gonogo audit verify --head CHECKPOINT.`,
      );
    return exit;
  },
});

/** More than are asked for between two backups. */
const SKIPPED_IDS = 1_000;

interface How {
  /** What to do where something is in the way. */
  remedy: string;
  /** What is done to the copy once it is proven. */
  finish?(copy: string): void;
}

async function copyAndTell(from: string, to: string, { remedy, finish }: How): Promise<number> {
  const env = readRecordKeys(process.env);
  if (!env.ok) {
    complain(env.problems.join('\n'));
    return EXIT.config;
  }
  if (!existsSync(from)) {
    complain(`${from} is not there.`);
    return EXIT.badData;
  }
  const taken = inTheWay(to);
  if (taken !== undefined) {
    complain(`${taken} is there already. ${remedy}`);
    return EXIT.cannotCreate;
  }
  const keys = env.keys === undefined ? [] : [env.keys.current, ...env.keys.earlier];
  let found: Found | 'older' | undefined;
  try {
    await copyRecord(from, to, async (copy) => {
      found = await proven(copy, keys);
      finish?.(copy);
    });
  } catch (error) {
    complain(`${from} was not copied to ${to}: ${messageOf(error)}.`);
    return EXIT.badData;
  }
  return tell(to, found);
}

/** Of an older version it is known that it is whole; only that version can read what it says. */
async function proven(file: string, keys: string[]): Promise<Found | 'older'> {
  let record: RecordReader;
  try {
    record = await openToRead(file);
  } catch (error) {
    if (error instanceof DatabaseTooOld) return 'older';
    throw error;
  }
  try {
    return await record.verify({ keys, heads: [] });
  } finally {
    await record.close();
  }
}

function tell(file: string, found: Found | 'older' | undefined): number {
  if (found === 'older' || found === undefined) {
    say(`${file}: whole, and written by an older GoNoGo: the next start brings it up to date.`);
    return EXIT.ok;
  }
  tellFits(found, `${file}: `);
  return found.problems.length === 0 ? EXIT.ok : EXIT.failed;
}
