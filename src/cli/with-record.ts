/** Opens the record to read only, says what is wrong where that fails, and closes it again. */

import { existsSync } from 'node:fs';
import { openToRead, type RecordReader } from '../../db/open.ts';
import { messageOf } from '../message-of.ts';
import { complain, EXIT } from './command.ts';

/** The option of each command that opens the record. */
export const DATABASE = {
  type: 'string',
  takes: 'FILE',
  says: 'the database, where it is not GONOGO_DB or gonogo.db',
} as const;

/** The file that was named; else GONOGO_DB, or gonogo.db in this folder. */
export const recordFile = (db: string | undefined): string => db ?? process.env.GONOGO_DB ?? 'gonogo.db';

/** Answers with the exit code. */
export async function withRecord(
  db: string | undefined,
  use: (record: RecordReader) => Promise<number>,
): Promise<number> {
  const file = recordFile(db);
  if (!existsSync(file)) {
    complain(`${file} is not there. --db or GONOGO_DB names the database.`);
    return EXIT.badData;
  }
  let record: RecordReader;
  try {
    record = await openToRead(file);
  } catch (error) {
    complain(`${file} cannot be read: ${messageOf(error)}`);
    return EXIT.badData;
  }
  try {
    return await use(record);
  } catch (error) {
    complain(`${file} cannot be read to its end: ${messageOf(error)}`);
    return EXIT.badData;
  } finally {
    await record.close();
  }
}
