/** A command as it was probably meant: what was typed, with one word put right. */

import { saidBy, wordOf, wordsOf } from './word.ts';

/** The first word that reads as `word` is `instead`; whatever else was typed, and its spaces, stays as it is. */
export function withInstead(typed: string, word: string, instead: string): string {
  let isDone = false;
  return typed.trim().replace(/\S+/g, (said) => {
    if (isDone || wordOf(said).bare !== word) return said;
    isDone = true;
    // What ends the names, such as a colon before the reason, still ends them.
    return `${instead}${/[:;,]$/.exec(said)?.[0] ?? ''}`;
  });
}

/** `checkout rollback` with its verb first. */
export function verbFirst(typed: string, verb: string): string {
  const words = wordsOf(typed);
  const at = words.findIndex(({ lower }) => lower === verb);
  return [verb, saidBy(words.filter((_, index) => index !== at))].join(' ').trim();
}
