/** The word that a mistyped one was probably meant to be. */

import { closest, distance } from 'fastest-levenshtein';

/** Undefined where nothing is near enough to be worth suggesting. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const words = [...known];
  if (words.length === 0) return undefined;
  const best = closest(word.toLowerCase(), words);
  return distance(word.toLowerCase(), best) <= Math.ceil(best.length / 3) ? best : undefined;
}
