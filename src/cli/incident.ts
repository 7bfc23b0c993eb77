/** `gonogo incident`: the incident record of a rollback as Markdown (RB-6). It opens the record to read only. */

import { renderIncidentRecord } from '../../views/incident-record.ts';
import { incidentOf } from '../deployment/review/incident.ts';
import { type CliCommand, complain, EXIT, readArgs, say } from './command.ts';
import { withRecord } from './with-record.ts';

const OPTIONS = { db: { type: 'string' } } as const;

export const incident: CliCommand = {
  usage: 'incident D-1042 [--db FILE]',
  summary: 'print the incident record of a rollback, as Markdown',
  async run(args) {
    const read = readArgs(args, incident, OPTIONS);
    if (read === undefined) return EXIT.usage;
    const [id, ...more] = read.positionals;
    if (id === undefined || more.length > 0) {
      complain(`Usage: gonogo ${incident.usage}`);
      return EXIT.usage;
    }
    return withRecord(read.values.db, async ({ events }) => {
      const deployment = await events.load(id.toUpperCase());
      const happened = deployment === undefined ? [] : await events.events(deployment.id);
      const found = deployment && incidentOf(deployment, happened);
      if (deployment === undefined || found === undefined) {
        complain(
          deployment === undefined ? `There is no ${id} in the record.` : `${id} was not rolled back.`,
        );
        return EXIT.failed;
      }
      say(renderIncidentRecord(deployment, found, happened).trimEnd());
      return EXIT.ok;
    });
  },
};
