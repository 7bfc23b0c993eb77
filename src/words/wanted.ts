/** What somebody wants deployed, in any order: `checkout v2.1.0 to production at 14:00`. */

import { defined } from '../defined.ts';
import { isTagged } from '../terms/version-pattern.ts';
import { changeTypeNamed, environmentNamed, type Names, serviceNamed, slipOf } from './names.ts';
import { isVersion } from './version.ts';
import { isArrow, isCourtesy, saidBy, type Word, wordOf, wordsOf } from './word.ts';

export interface Wanted {
  service?: string;
  version?: string;
  environment?: string;
  /** `as hotfix`, `as an emergency`. */
  changeType?: string;
  /** What is left, as it was typed: when it should start, if it says anything. */
  when: string;
  /** What stands where a name should be. */
  unknown?: { what: 'service' | 'environment'; word: string };
}

const TOWARDS = new Set(['to', 'into', 'onto']);
const FILLERS = new Set([...TOWARDS, 'in', 'on', 'of', 'the', 'from', 'version', 'release', 'deploy', 'v']);

/** Commas between words that have no space after them; `1,5` is a figure. */
const LISTED = /,(?=[^\d\s])/g;
/** `1.12.` is a day, whatever `1.12` may be. */
const DAY = /^\d{1,2}\.\d{1,2}\.$/;
const MAY_BE_TIME = /^\d{1,2}\.\d{1,2}$/;

const ARTICLES = new Set(['a', 'an']);

type PatternsOf = (service: string) => readonly string[] | undefined;

/** `patternsOf` is how a service's team tags its versions, where the policy says so. */
export function readWanted(text: string, names: Names, patternsOf: PatternsOf = () => undefined): Wanted {
  const { changeType, words } = kindIn(
    wordsOf(text.replace(LISTED, ' '))
      .filter((word) => !isCourtesy(word))
      .flatMap((word) => apart(word, names, patternsOf)),
    names,
  );
  const found = new Found(words);
  found.take('service', ({ bare }) => serviceNamed(bare, names));
  const patterns = found.service === undefined ? undefined : patternsOf(found.service);
  const isOne = ({ said, bare }: Word): boolean => !DAY.test(said) && isVersion(bare, patterns);
  // `9.30 v2.1.0`: what could be a time is the version only where nothing else is.
  for (const isSure of [({ bare }: Word) => !MAY_BE_TIME.test(bare), () => true])
    found.take('version', (word) => (isOne(word) && isSure(word) ? word.bare : undefined));
  const of = names.services.get(found.service ?? '');
  const everywhere = names.environments.map(({ id }) => id);
  // `from staging to production`: where it is to go stands before where it comes from.
  for (const isGoal of [(before: Word | undefined) => TOWARDS.has(before?.lower ?? ''), () => true])
    found.take('environment', ({ bare }, before) =>
      isGoal(before) ? environmentNamed(bare, names, of ?? everywhere) : undefined,
    );
  if (of !== undefined) found.take('environment', ({ bare }) => environmentNamed(bare, names, everywhere));
  return { ...found.wanted(names), ...defined({ changeType }) };
}

/** `as a hotfix change`: the word alone may be a reason, a service or a part of a version. */
function kindIn(words: readonly Word[], names: Names): { words: readonly Word[]; changeType?: string } {
  for (const [index, { lower }] of words.entries()) {
    if (lower !== 'as') continue;
    const at = ARTICLES.has(words[index + 1]?.lower ?? '') ? index + 2 : index + 1;
    const changeType = changeTypeNamed(words[at]?.bare ?? '', names);
    if (changeType === undefined) continue;
    const end = words[at + 1]?.lower === 'change' ? at + 2 : at + 1;
    return { words: [...words.slice(0, index), ...words.slice(end)], changeType };
  }
  return { words };
}

/**
 * `checkout@2.1.0`, `checkout:v2.1.0` and `checkout/prod` are two words; a name with such a mark in it stays whole, and so does a version
 * that its team writes so.
 */
function apart(word: Word, names: Names, patternsOf: PatternsOf): Word[] {
  const at = Math.max(...[...MARKS].map((mark) => word.bare.lastIndexOf(mark)));
  if (at <= 0 || serviceNamed(word.bare, names) !== undefined) return [word];
  const [name, version] = [word.bare.slice(0, at), word.bare.slice(at + 1)];
  const service = serviceNamed(name, names);
  if (service === undefined) return [word];
  const patterns = patternsOf(service) ?? [];
  if (isTagged(word.bare, patterns)) return [wordOf(name), word];
  const isPlace = environmentNamed(version, names, names.services.get(service)) !== undefined;
  return isPlace || isVersion(version, patterns) ? [wordOf(name), wordOf(version)] : [word];
}

const MARKS = '@/:=—';

/** What leads from one name to the next: `→`, `-`. */
const isMark = (word: Word): boolean => isArrow(word) || /^[-–—:,;]+$/.test(word.said);

type Kind = 'service' | 'version' | 'environment';

/** The words with what each was taken for. */
class Found {
  service?: string;
  version?: string;
  environment?: string;
  private readonly taken = new Set<number>();
  private readonly words: readonly Word[];

  constructor(words: readonly Word[]) {
    this.words = words;
  }

  /** The first word that is one; the small words that lead to it go with it. */
  take(kind: Kind, read: (word: Word, before?: Word) => string | undefined): void {
    if (this[kind] !== undefined) return;
    for (const [index, word] of this.words.entries()) {
      const meant = this.taken.has(index) ? undefined : read(word, this.words[index - 1]);
      if (meant === undefined) continue;
      this[kind] = meant;
      // `checkout checkout@2.1.0` says the same name twice.
      for (const [at, other] of this.words.entries())
        if (kind === 'service' && read(other) === meant) this.taken.add(at);
      for (let at = index; at === index || FILLERS.has(this.words[at]?.lower ?? ''); at -= 1)
        this.taken.add(at);
      return;
    }
  }

  wanted(names: Names): Wanted {
    const { service, version, environment } = this;
    const rest = this.words.filter((word, index) => !this.taken.has(index) && !isMark(word));
    const unknown = this.unknownIn(rest, names);
    return {
      when: saidBy(rest),
      ...defined({ service, version, environment, unknown }),
    };
  }

  private unknownIn(rest: readonly Word[], names: Names): Wanted['unknown'] {
    const { service, environment } = this;
    const word = rest.find(({ lower }) => !FILLERS.has(lower));
    if (service === undefined) return word && { what: 'service', word: word.bare };
    if (environment !== undefined) return undefined;
    const towards = rest.findIndex(({ lower }) => TOWARDS.has(lower));
    const named = towards < 0 ? undefined : rest.slice(towards + 1).find(({ lower }) => !FILLERS.has(lower));
    if (named !== undefined) return { what: 'environment', word: named.bare };
    const slip = word && slipOf(word.bare, names.services.get(service) ?? []);
    return slip === undefined || word === undefined ? undefined : { what: 'environment', word: word.bare };
  }
}
