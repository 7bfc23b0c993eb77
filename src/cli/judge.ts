/** `gonogo judge`: the verdict of each look over a recorded series, or over deployments under other settings (AN-6). */

import { readFileSync } from 'node:fs';
import { messageOf } from '../message-of.ts';
import { type CliCommand, complain, EXIT, readArgs, say } from './command.ts';
import { judgeDeployments } from './judge/deployments.ts';
import { replay } from './judge/replay.ts';
import { readSeries } from './judge/series-file.ts';

/** Exit codes of its own: it failed, or the end found it undecided. */
const VERDICT_EXIT = { pass: EXIT.ok, fail: 1, undecided: 2, no_data: 2 } as const;

const OPTIONS = {
  deployment: { type: 'string' },
  last: { type: 'string' },
  config: { type: 'string', default: 'gonogo.yml' },
  db: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export const judge: CliCommand = {
  usage: 'judge FILE | --deployment ID | --last 30d',
  summary:
    "replay a recorded series: each look's verdict as a JSON line; exit 0 pass, 1 fail, 2 undecided. Or deployments, under --config FILE",
  async run(args) {
    const read = readArgs(args, judge, OPTIONS);
    if (read === undefined) return EXIT.usage;
    const { values, positionals } = read;
    const asked = [...positionals, values.deployment, values.last].filter((one) => one !== undefined);
    if (asked.length !== 1) return usage();
    const [file] = positionals;
    return file === undefined ? judgeDeployments(values) : judgeFile(file);
  },
};

function usage(): number {
  complain(
    'Usage: gonogo judge FILE\n' +
      '       gonogo judge --deployment ID [--config FILE] [--db FILE] [--json]\n' +
      '       gonogo judge --last 30d [--config FILE] [--db FILE] [--json]',
  );
  return EXIT.usage;
}

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
