/** Reads what a person gave to an element: is it something they could have given there, and what does Slack make of it? */
import { allOptions } from './exceptions.ts';
import { DATE, DECIMAL, TIME } from './forms.ts';
import { characters } from './measure.ts';
import { isObject, type Json } from './rule.ts';
import type { Element } from './tree.ts';

/** The value, or the sentence a person would see under the field. */
export type Given = { ok: true; value: unknown } | { ok: false; error: string };

/** Reads one thing given to `element`; `offered` are the options an external menu showed last. */
export type Reader = (given: unknown, element: Element, offered: readonly unknown[]) => Given;

const got = (value: unknown): Given => ({ ok: true, value });
const refused = (error: string): Given => ({ ok: false, error });

const isNothing = (given: unknown): boolean => given === undefined || given === null || given === '';

const limit = (element: Element, name: string, fallback: number): number => {
  const value = element[name];
  return typeof value === 'number' ? value : fallback;
};

export const aText: Reader = (given, element) => {
  if (typeof given !== 'string') return refused('Give a text.');
  const length = characters(given);
  const least = limit(element, 'min_length', 0);
  const most = limit(element, 'max_length', 3000);
  if (length < least) return refused(`Give at least ${least} characters.`);
  return length > most ? refused(`Give at most ${most} characters.`) : got(given);
};

function shaped(pattern: RegExp, error: string): Reader {
  return (given) => (typeof given === 'string' && pattern.test(given) ? got(given) : refused(error));
}

export const anEmail = shaped(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'Enter a valid email address.');
export const aUrl = shaped(/^https?:\/\/[^\s/]+\S*$/i, 'Enter a valid URL.');
export const anId = shaped(/^\S+$/, 'Give an id.');

export const aNumber: Reader = (given, element) => {
  const written = typeof given === 'number' ? String(given) : given;
  if (typeof written !== 'string' || !DECIMAL.holds(written)) return refused('Enter a valid number.');
  if (element.is_decimal_allowed === false && written.includes('.')) return refused('Enter a whole number.');
  if (element.min_value !== undefined && Number(written) < Number(element.min_value)) {
    return refused(`Enter a number that is at least ${element.min_value}.`);
  }
  if (element.max_value !== undefined && Number(written) > Number(element.max_value)) {
    return refused(`Enter a number that is at most ${element.max_value}.`);
  }
  return got(written);
};

export const aDate: Reader = (given) =>
  typeof given === 'string' && DATE.holds(given) ? got(given) : refused('Give a date as YYYY-MM-DD.');

export const aTime: Reader = (given) =>
  typeof given === 'string' && TIME.holds(given) ? got(given) : refused('Give a time as HH:mm.');

export const aMoment: Reader = (given) => {
  const seconds = typeof given === 'string' && /^\d{10}$/.test(given) ? Number(given) : given;
  const fits =
    Number.isInteger(seconds) && Number(seconds) >= 1_000_000_000 && Number(seconds) <= 9_999_999_999;
  return fits ? got(seconds) : refused('Give a time as ten digits of Unix seconds.');
};

/** One of the element's options, named by its value. */
export const anOption: Reader = (given, element, offered) => {
  const initial = Array.isArray(element.initial_options) ? element.initial_options : [element.initial_option];
  const option = [...allOptions(element), ...offered, ...initial].find(
    (one): one is Json => isObject(one) && one.value === given,
  );
  return option ? got(option) : refused(`There is no option ${JSON.stringify(given)}.`);
};

export const aFile: Reader = (given) =>
  typeof given === 'string' && given !== '' ? got({ id: given }) : refused('Give the id of a file.');

/** A person's typing, as the composer of a client writes it. */
export const someRichText: Reader = (given) => {
  if (isObject(given) && given.type === 'rich_text') return got(given);
  if (typeof given !== 'string') return refused('Give a text.');
  const section = { type: 'rich_text_section', elements: [{ type: 'text', text: given }] };
  return got({ type: 'rich_text', elements: [section] });
};

export function several(read: Reader, most: (element: Element) => number): Reader {
  return (given, element, offered) => {
    const all = isNothing(given) ? [] : [given].flat();
    if (all.length > most(element)) return refused(`Choose at most ${most(element)}.`);
    const values: unknown[] = [];
    for (const one of all) {
      const result = read(one, element, offered);
      if (!result.ok) return result;
      values.push(result.value);
    }
    return got(values);
  };
}

/** A single value, or nothing at all, which clears the field. */
export function oneOrNothing(read: Reader): Reader {
  return (given, element, offered) => (isNothing(given) ? got(null) : read(given, element, offered));
}

export const mostSelected = (element: Element): number =>
  limit(element, 'max_selected_items', Number.POSITIVE_INFINITY);
export const mostFiles = (element: Element): number => limit(element, 'max_files', 10);
