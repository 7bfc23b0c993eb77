/** `gonogo doctor`: tries all that GoNoGo needs and says in one table what works, what does not, and what to do. */

import { readFileSync } from 'node:fs';
import { examine } from '../main/doctor/doctor.ts';
import type { Row } from '../main/doctor/row.ts';
import { type CliCommand, cliCommand, EXIT, say } from './command.ts';
import { fromRoot } from './from-root.ts';

export const doctor: CliCommand = cliCommand({
  forms: ['doctor [FILE] [--json]'],
  summary: 'try Slack, people, channels, backends, metrics and hosts',
  more: 'FILE is GONOGO_CONFIG, else gonogo.yml. Nothing is changed anywhere. Answers 1 where something fails.',
  options: { json: { type: 'boolean', default: false, says: 'say the same to a script' } },
  async run({ values, positionals }) {
    const rows = await examine({
      file: positionals[0] ?? (process.env.GONOGO_CONFIG || 'gonogo.yml'),
      variables: process.env,
      manifest: readFileSync(fromRoot('manifest.yml'), 'utf8'),
    });
    const ok = rows.every(({ result }) => result !== 'fails');
    if (values.json) say(JSON.stringify({ ok, ...countsOf(rows), rows }, null, 2));
    else for (const line of tableOf(rows)) say(line);
    return ok ? EXIT.ok : EXIT.failed;
  },
});

const WORDS: Record<Row['result'], string> = { works: 'works', fails: 'FAILS', not_tried: 'not tried' };

function countsOf(rows: readonly Row[]): Record<Row['result'], number> {
  const count = (result: Row['result']) => rows.filter((row) => row.result === result).length;
  return { works: count('works'), fails: count('fails'), not_tried: count('not_tried') };
}

/** What to do stands below its line. */
function tableOf(rows: readonly Row[]): string[] {
  const cells = rows.map(({ result, part, place, what, says }) => [
    WORDS[result],
    part,
    place,
    what,
    says ?? '',
  ]);
  const table = [['', 'part', 'where', 'what', 'what came back'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const lines = table.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...body] = lines;
  const { works, fails, not_tried: notTried } = countsOf(rows);
  return [
    head,
    ...body.flatMap((line, index) => {
      const { remedy } = rows[index] ?? {};
      return remedy === undefined ? [line] : [line, `           → ${remedy}`];
    }),
    '',
    `${works} work, ${fails} fail, ${notTried} could not be tried.`,
  ];
}
