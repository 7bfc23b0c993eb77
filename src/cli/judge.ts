/** `gonogo judge FILE`: the verdict of each look over a recorded series, as JSON lines (AN-6). */

import { readFileSync } from 'node:fs';
import { messageOf } from '../message-of.ts';
import { type CliCommand, complain, EXIT, readArgs, say } from './command.ts';
import { replay } from './judge/replay.ts';
import { readSeries } from './judge/series-file.ts';

/** Exit codes of its own: it failed, or the end found it undecided. */
const VERDICT_EXIT = { pass: EXIT.ok, fail: 1, undecided: 2, no_data: 2 } as const;

export const judge: CliCommand = {
  usage: 'judge FILE',
  summary: "replay a recorded series: each look's verdict as a JSON line; exit 0 pass, 1 fail, 2 undecided",
  async run(args) {
    const read = readArgs(args, judge, {});
    if (read === undefined) return EXIT.usage;
    const [file, ...more] = read.positionals;
    if (file === undefined || more.length > 0) {
      complain(`Usage: gonogo ${judge.usage}`);
      return EXIT.usage;
    }
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
  },
};

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    complain(messageOf(error));
    return undefined;
  }
}
