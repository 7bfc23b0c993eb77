/** Other names of a command, and the word that names one. */

import { own } from '../defined.ts';
import { saidBy, wordsOf } from './word.ts';

const VERBS: Readonly<Record<string, string>> = {
  '?': 'help',
  'roll-back': 'rollback',
  revert: 'rollback',
  dryrun: 'dry-run',
};
const TWO_WORDS: Readonly<Record<string, string>> = { 'roll back': 'rollback', 'dry run': 'dry-run' };

/** The word that says what to do, in small letters, and what follows it. */
export function readVerb(text: string): { verb: string; rest: string } {
  const [first, second, ...others] = wordsOf(text);
  if (first === undefined) return { verb: '', rest: '' };
  const two = second && TWO_WORDS[`${first.lower} ${second.lower}`];
  if (two !== undefined) return { verb: two, rest: saidBy(others) };
  const { lower } = first;
  return {
    verb: own(VERBS, lower) ?? lower,
    rest: text.trim().slice(first.said.length).trim(),
  };
}
