/** Names that the policy knows, in the words of whoever types them: in any case, and in short where only one fits. */

import { distance } from 'fastest-levenshtein';

export interface Names {
  /** Each service with its environments, as the policy writes them. */
  services: ReadonlyMap<string, readonly string[]>;
  environments: readonly { id: string; name: string }[];
  /** Kinds of change; unset where none can be meant. */
  changeTypes?: readonly string[];
}

/** Fewer letters than these are no name in short. */
const SHORTEST = 3;
/** What people write that is no beginning of the word. */
const ABBREVIATIONS: Readonly<Record<string, string>> = { prd: 'prod', stg: 'stag' };

export function serviceNamed(word: string, names: Names): string | undefined {
  return sameName(word, names.services);
}

/** `prod` where production is the only one that it fits; `of` are the environments that may be meant. */
export function environmentNamed(
  word: string,
  names: Names,
  of: readonly string[] = names.environments.map(({ id }) => id),
): string | undefined {
  const named = sameName(word, of) ?? calledSo(word, names, of);
  if (named !== undefined) return named;
  const wanted = word.toLowerCase();
  const beginning = Object.hasOwn(ABBREVIATIONS, wanted) ? (ABBREVIATIONS[wanted] ?? wanted) : wanted;
  if (beginning.length < SHORTEST) return undefined;
  const [fits, ...others] = of.filter((one) => one.toLowerCase().startsWith(beginning));
  return others.length === 0 ? fits : undefined;
}

function calledSo(word: string, { environments }: Names, of: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  return environments.find(({ id, name }) => of.includes(id) && name.toLowerCase() === wanted)?.id;
}

/** `hotfix`, `Bug-Hunt` for `bug_hunt`. */
export function changeTypeNamed(word: string, { changeTypes = [] }: Names): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[_-]/g, '-');
  return changeTypes.find((type) => plain(type) === plain(word));
}

/** As it is written, or else as the only one that differs in its case alone. */
function sameName(word: string, known: Known): string | undefined {
  const { exact, folded } = foldedNames(known);
  return exact.has(word) ? word : folded.get(word.toLowerCase());
}

type Known = ReadonlyMap<string, unknown> | readonly string[];

interface FoldedNames {
  exact: ReadonlySet<string>;
  /** By what it is in small letters; unset where two are the same then. */
  folded: ReadonlyMap<string, string | undefined>;
}

/** A command of thousands of words asks the same names for each of them. */
const foldedOf = new WeakMap<Known, FoldedNames>();

function foldedNames(known: Known): FoldedNames {
  const made = foldedOf.get(known);
  if (made !== undefined) return made;
  const exact = new Set(known instanceof Map ? known.keys() : (known as readonly string[]));
  const folded = new Map<string, string | undefined>();
  for (const name of exact) {
    const small = name.toLowerCase();
    folded.set(small, folded.has(small) ? undefined : name);
  }
  const names = { exact, folded };
  foldedOf.set(known, names);
  return names;
}

/** A slip of the finger, and not another word: two letters at most, of a word long enough, and not its first. */
export function slipOf(word: string, known: readonly string[]): string | undefined {
  if (word.length < 5) return undefined;
  const typed = word.toLowerCase();
  return known.find((one) => typed[0] === one[0]?.toLowerCase() && distance(typed, one.toLowerCase()) <= 2);
}
