/** `gonogo judge`: the verdict of each look over a recorded series, or over deployments under other settings (AN-6). */

import { readFileSync } from 'node:fs';
import { messageOf } from '../message-of.ts';
import { type CliCommand, cliCommand, complain, EXIT, misused, say } from './command.ts';
import { judgeDeployments } from './judge/deployments.ts';
import { replay } from './judge/replay.ts';
import { readSeries } from './judge/series-file.ts';
import { DATABASE } from './with-record.ts';

/** Exit codes of its own: it failed, or the end found it undecided. */
const VERDICT_EXIT = { pass: EXIT.ok, fail: 1, undecided: 2, no_data: 2 } as const;

export const judge: CliCommand = cliCommand({
  forms: [
    'judge FILE',
    'judge --deployment ID [--config FILE] [--db FILE] [--json]',
    'judge --last 30d [--config FILE] [--db FILE] [--json]',
  ],
  summary: 'judge a recorded series, or deployments again under other settings',
  more: 'FILE: each look is a JSON line; answers 0 where it passed, 1 where it failed, 2 where it stayed undecided.',
  options: {
    deployment: { type: 'string', takes: 'ID', says: 'judge this deployment again from what was measured' },
    last: { type: 'string', takes: 'SPAN', says: 'all that started within 30d, 12h' },
    config: { type: 'string', default: 'gonogo.yml', takes: 'FILE', says: 'the policy to judge them under' },
    db: DATABASE,
    json: { type: 'boolean', default: false, says: 'one JSON line for each deployment' },
  },
  async run({ values, positionals }) {
    const asked = [...positionals, values.deployment, values.last].filter((one) => one !== undefined);
    if (asked.length !== 1) return misused(judge);
    const [file] = positionals;
    return file === undefined ? judgeDeployments(values) : judgeFile(file);
  },
});

function judgeFile(file: string): number {
  const text = textOf(file);
  if (text === undefined) return EXIT.usage;
  const series = readSeries(text);
  if (!series.ok) {
    for (const problem of series.problems) complain(`${file}: ${problem}`);
    return EXIT.usage;
  }
  const looks = replay(series.value);
  for (const look of looks) say(JSON.stringify(look));
  const failed = looks.find(({ verdict }) => verdict === 'fail');
  return VERDICT_EXIT[(failed ?? looks.at(-1))?.verdict ?? 'undecided'];
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    complain(messageOf(error));
    return undefined;
  }
}
