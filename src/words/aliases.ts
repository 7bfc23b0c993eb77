/** Other names of a command, and the word that names one. */

import { own } from '../defined.ts';
import { isCourtesy, saidBy, wordsOf } from './word.ts';

const VERBS: Readonly<Record<string, string>> = {
  '?': 'help',
  'roll-back': 'rollback',
  revert: 'rollback',
  undo: 'rollback',
  dryrun: 'dry-run',
  // At three in the morning nobody remembers which of them it was: it stops where it is, and the card has the rest.
  stop: 'hold',
  pause: 'hold',
  halt: 'hold',
  abort: 'hold',
  unpause: 'resume',
  continue: 'resume',
};
const BEFORE_IT: ReadonlySet<string> = new Set(['/deploy', 'deploy']);
const TWO_WORDS: Readonly<Record<string, string>> = { 'roll back': 'rollback', 'dry run': 'dry-run' };

/** The word that says what to do, in small letters, and what follows it. */
export function readVerb(text: string): { verb: string; rest: string } {
  const [first, second, ...others] = wordsOf(text);
  if (first === undefined) return { verb: '', rest: '' };
  // `/deploy` once more, or a kind word before it.
  if (second !== undefined && (isCourtesy(first) || BEFORE_IT.has(first.lower)))
    return readVerb(text.trim().slice(first.said.length));
  const two = second && TWO_WORDS[`${first.lower} ${second.lower}`];
  if (two !== undefined) return { verb: two, rest: saidBy(others) };
  const { lower } = first;
  return {
    verb: own(VERBS, lower) ?? lower,
    rest: text.trim().slice(first.said.length).trim(),
  };
}
