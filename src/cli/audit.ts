/** `gonogo audit verify`: proves that the record is as it was written (AU-3). */

import { existsSync } from 'node:fs';
import { openDatabase } from '../../db/open.ts';
import { type CliCommand, complain, EXIT, readArgs, say } from './command.ts';

export const audit: CliCommand = {
  usage: 'audit verify [--db FILE]',
  summary: 'check the hash chain of every deployment',
  async run(args) {
    const read = readArgs(args, audit, { db: { type: 'string' } });
    if (read === undefined) return EXIT.usage;
    if (read.positionals[0] !== 'verify') {
      complain(`Usage: gonogo ${audit.usage}`);
      return EXIT.usage;
    }
    const file = read.values.db ?? process.env.GONOGO_DB ?? 'gonogo.db';
    if (!existsSync(file)) {
      complain(`${file} is not there. --db or GONOGO_DB names the database.`);
      return EXIT.badData;
    }
    const stores = await openDatabase({ file });
    const { deployments, events, problems } = await stores.events.verifyAll();
    await stores.close();
    for (const { deployment, seq, problem } of problems) complain(`${deployment} #${seq}: ${problem}`);
    say(
      `${deployments} deployments, ${events} events: ${problems.length === 0 ? 'the record is whole' : `${problems.length} do not fit`}`,
    );
    return problems.length === 0 ? EXIT.ok : EXIT.failed;
  },
};
