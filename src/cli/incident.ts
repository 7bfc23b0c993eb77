/** `gonogo incident`: the incident record of a rollback as Markdown (RB-6). It opens the record to read only. */

import { renderIncidentRecord } from '../../views/incident-record.ts';
import { incidentOf } from '../deployment/review/incident.ts';
import { type CliCommand, cliCommand, complain, EXIT, misused, say } from './command.ts';
import { DATABASE, withRecord } from './with-record.ts';

export const incident: CliCommand = cliCommand({
  forms: ['incident D-1042 [--db FILE]'],
  summary: 'print the incident record of a rollback, as Markdown',
  options: { db: DATABASE },
  async run({ values, positionals }) {
    const [id, ...more] = positionals;
    if (id === undefined || more.length > 0) return misused(incident);
    return withRecord(values.db, async ({ events }) => {
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
});
