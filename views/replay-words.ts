/** What the judge would have said under other settings, in lines: the same in the terminal and in Slack. */

import type { Difference, Replay } from '../src/deployment/rollout/replay.ts';
import type { Look } from '../src/judge/types.ts';
import type { Instant } from '../src/time.ts';
import { LOOK_WORDS } from './look-words.ts';
import { count, plural } from './text.ts';

/** More differences than this are counted. */
const MAX_DIFFERENCES = 20;

/** `words` makes a foreign sentence safe for where the lines go. */
export function replayLines(
  replay: Replay,
  show: { time(at: Instant): string; words(text: string): string },
): string[] {
  if (replay.looks === 0)
    return [
      'Its measurements are not all kept any more (90 days), or it was never looked at: nothing can be judged again.',
    ];
  const { differences } = replay;
  const more = differences.length - MAX_DIFFERENCES;
  return [
    summary(replay),
    ...ending(replay, show.time),
    ...differences.slice(0, MAX_DIFFERENCES).map((difference) => line(difference, show)),
    ...(more > 0 ? [`and ${plural(more, 'more difference')}`] : []),
    ...(replay.lost === 0
      ? []
      : [
          `Of ${plural(replay.lost, 'look')} the figures are gone, or those of looks before them: they are not judged again.`,
        ]),
  ];
}

function summary({ looks, differences }: Replay): string {
  const differ = differences.reduce((sum, difference) => sum + difference.looks, 0);
  if (differ === 0) return `All ${plural(looks, 'look')} would have had the same verdict.`;
  return `${count(differ)} of ${plural(looks, 'look')} would have had another verdict.`;
}

function ending({ rolledBack, wouldRollBack }: Replay, time: (at: Instant) => string): string[] {
  if (rolledBack === wouldRollBack) return [];
  if (rolledBack === undefined && wouldRollBack !== undefined)
    return [`It would have gone back by itself at ${time(wouldRollBack)}; it did not.`];
  if (rolledBack !== undefined && wouldRollBack === undefined)
    return [
      `It went back by itself at ${time(rolledBack)}; up to then it would not have. What came later was not measured.`,
    ];
  return [
    `It went back by itself at ${time(rolledBack ?? 0)}; it would have at ${time(wouldRollBack ?? 0)}.`,
  ];
}

function line(
  { from, to, looks, stage, was, would }: Difference,
  { time, words }: { time(at: Instant): string; words(text: string): string },
): string {
  const when = looks === 1 ? time(from) : `${time(from)} to ${time(to)}, ${plural(looks, 'look')}`;
  const where = stage === undefined ? 'after the last stage' : `stage ${stage}`;
  return `${when} (${where}): ${said(was)} → ${said(would)}: ${words(would.because)}`;
}

function said({ verdict, action }: Pick<Look, 'verdict' | 'action'>): string {
  if (verdict !== 'fail') return LOOK_WORDS[verdict];
  return action === 'roll_back' ? `${LOOK_WORDS.fail}, rolls back` : `${LOOK_WORDS.fail}, holds`;
}
