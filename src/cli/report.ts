/** `gonogo report`: all that is kept of a deployment, as one Markdown file (AU-6). It opens the record to read only. */

import { renderDeploymentReport } from '../../views/deployment-report.ts';
import { type CliCommand, cliCommand, complain, EXIT, misused, say } from './command.ts';
import { DATABASE, withRecord } from './with-record.ts';

export const report: CliCommand = cliCommand({
  forms: ['report D-1042 [--db FILE]'],
  summary: 'print the report of a deployment, as Markdown',
  more: 'What was agreed, the sign-offs, gates and checklist, the execution log, the smoke tests, the figures before and after, the review.',
  options: { db: DATABASE },
  async run({ values, positionals: [id, ...more] }) {
    if (id === undefined || more.length > 0) return misused(report);
    return withRecord(values.db, async ({ events }) => {
      const deployment = await events.load(id.toUpperCase());
      if (deployment === undefined) {
        complain(`There is no ${id} in the record.`);
        return EXIT.failed;
      }
      const happened = await events.events(deployment.id);
      say(renderDeploymentReport(deployment, happened, Date.now()).trimEnd());
      return EXIT.ok;
    });
  },
});
