/** Which deployment, service or place somebody speaks of, and what they say about it: `checkout prod because …`. */

import { environmentNamed, type Names, serviceNamed, slipOf } from './names.ts';
import { isCourtesy, saidBy, type Word, wordOf, wordsOf } from './word.ts';

export interface Subject {
  /** `D-1042` */
  id?: string;
  service?: string;
  environment?: string;
  /** What stands after the names, without the word that leads to it. */
  reason: string;
  /** A second one, joined to the first: only one can be meant. */
  also?: string;
  /** What stands where a name should be. */
  unknown?: { what: 'service' | 'environment'; word: string };
}

const FILLERS = new Set([
  'in',
  'on',
  'to',
  'of',
  'the',
  'from',
  'at',
  'for',
  'service',
  'deployment',
  'please',
]);
/** What a name may be called after it. */
const NOUNS = new Set(['service', 'deployment', 'please', 'now']);
const ENDS_NAMES = /[:;—–]["'”’*_)]*$/;
/** A phone writes another dash for the hyphen. */
const ID = /^d[-‐‑–—_]?(\d{1,12})$/;
const ID_APART = /\bd (?=\d{1,12}\b)/gi;
const JOINS = new Set(['and', '&', '+', 'und', 'or']);
const LEADS_TO_REASON =
  /^(?:because(?: of)?|due to|since|reason)(?=\s|:|$)[\s:]*|^(?:[:,;–—]|-{1,2}(?=\s))+\s*/i;

/** Names come first, in any order and with the small words between them; what follows is the reason. */
export function readSubject(text: string, names: Names): Subject {
  const words = wordsOf(text.replace(ID_APART, 'D-')).flatMap((word) => apart(word, names));
  const subject: Subject = { reason: '' };
  let taken = 0;
  let isEnded = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    const isNamed = taken > 0 && NOUNS.has(word.lower);
    if (isNamed || take(subject, word, names)) {
      taken = index + 1;
      isEnded = ENDS_NAMES.test(word.said);
      if (isEnded) break;
    } else if (!FILLERS.has(word.lower)) break;
  }
  const rest = words.slice(taken);
  subject.reason = reasonIn(saidBy(rest.every(isCourtesy) ? [] : rest));
  const also = alsoIn(rest, names);
  if (also !== undefined) subject.also = also;
  const unknown = isEnded ? undefined : unknownIn(subject, words, rest, names);
  return unknown === undefined ? subject : { ...subject, unknown };
}

/** `checkout/prod` is two words where it is the name of neither. */
function apart(word: Word, names: Names): Word[] {
  const [name = '', place = '', ...more] = word.bare.split('/');
  const isOne = place === '' || more.length > 0 || serviceNamed(word.bare, names) !== undefined;
  const service = isOne ? undefined : serviceNamed(name, names);
  const isPlace = service !== undefined && environmentNamed(place, names, names.services.get(service));
  return isPlace ? [wordOf(name), wordOf(word.said.slice(word.said.indexOf('/') + 1))] : [word];
}

/** `and payments`, `, D-2`: what follows is named as the first one was, and is not said about it. */
function alsoIn(rest: readonly Word[], names: Names): string | undefined {
  const [first, second] = rest;
  const isNamed = (word: Word | undefined): word is Word =>
    word !== undefined && (ID.test(word.lower) || serviceNamed(word.bare, names) !== undefined);
  if (first !== undefined && JOINS.has(first.lower) && isNamed(second)) return second.bare;
  return first !== undefined && ID.test(first.lower) ? first.bare : undefined;
}

/** Each kind of name once: a second one is what somebody says about the first. */
function take(subject: Subject, { bare, lower }: Word, names: Names): boolean {
  const service = subject.service === undefined ? serviceNamed(bare, names) : undefined;
  if (service !== undefined) {
    subject.service = service;
    return true;
  }
  const id = subject.id === undefined ? ID.exec(lower)?.[1] : undefined;
  if (id !== undefined) {
    subject.id = `D-${id}`;
    return true;
  }
  const of = names.services.get(subject.service ?? '');
  const environment =
    subject.environment === undefined
      ? (environmentNamed(bare, names, of) ?? environmentNamed(bare, names))
      : undefined;
  if (environment === undefined) return false;
  subject.environment = environment;
  return true;
}

function reasonIn(text: string): string {
  return text.replace(LEADS_TO_REASON, '').trim();
}

function unknownIn(
  { id, service, environment, reason }: Subject,
  words: readonly Word[],
  rest: readonly Word[],
  names: Names,
): Subject['unknown'] {
  const isNamed = id !== undefined || service !== undefined || environment !== undefined;
  const first = rest.find(({ lower }) => !FILLERS.has(lower)) ?? words[0];
  if (!isNamed && first !== undefined) return { what: 'service', word: first.bare };
  if (environment !== undefined || service === undefined || first === undefined) return undefined;
  // A reason that is led to is one, whatever its first word.
  const isLedTo = reason !== saidBy(rest);
  const slip = slipOf(first.bare, names.services.get(service) ?? []);
  return slip === undefined || isLedTo || rest.length === 0
    ? undefined
    : { what: 'environment', word: first.bare };
}
