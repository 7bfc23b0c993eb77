/** `gonogo record refold`: builds the rows of deployments anew from their events, and says what differed (AU-3). */

import { existsSync } from 'node:fs';
import { openDatabase } from '../../db/open.ts';
import { readRecordKeys } from '../config/environment.ts';
import { type CliCommand, cliCommand, complain, EXIT, misused, say } from './command.ts';
import { DATABASE, recordFile } from './with-record.ts';

export const record: CliCommand = cliCommand({
  forms: ['record refold [--db FILE] [--dry-run]'],
  summary: 'build the rows of deployments anew from their events',
  options: {
    db: DATABASE,
    'dry-run': { type: 'boolean', default: false, says: 'only say which rows differ' },
  },
  async run({ values, positionals }) {
    if (positionals.length !== 1 || positionals[0] !== 'refold') return misused(record);
    const file = recordFile(values.db);
    const env = readRecordKeys(process.env);
    if (!env.ok || !existsSync(file)) {
      complain(
        env.ok ? `${file} is not there. --db or GONOGO_DB names the database.` : env.problems.join('\n'),
      );
      return env.ok ? EXIT.badData : EXIT.config;
    }
    return refold(file, env.keys, !values['dry-run']);
  },
});

/** 1 where the events of a deployment themselves do not fit: its row is left as it is. */
async function refold(
  file: string,
  keys: Parameters<typeof openDatabase>[0]['keys'],
  write: boolean,
): Promise<number> {
  const stores = await openDatabase({ file, keys });
  let [all, differed, broken] = [0, 0, 0];
  try {
    for await (const one of stores.refold({ write })) {
      all += 1;
      if (one.kind === 'differed') {
        differed += 1;
        say(`${one.id}: ${one.columns.join(', ')} ${write ? 'differed' : 'differ'}`);
      } else if (one.kind === 'broken') {
        broken += 1;
        complain(`${one.id}: left as it is: ${one.problem}`);
      }
    }
  } finally {
    await stores.close();
  }
  say(
    `${all} deployments: ${differed} ${write ? 'were built anew' : 'would be built anew'}, ${broken} do not fit`,
  );
  return broken === 0 ? EXIT.ok : EXIT.failed;
}
