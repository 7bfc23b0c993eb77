/** How much a text is, counted as Slack counts: in characters, not in bytes or UTF-16 units. */
import { isObject } from './rule.ts';

/** An emoji outside the basic plane is one character. */
export function characters(text: string): number {
  let pairs = 0;
  for (let i = 0; i < text.length; i++) {
    if (isHigh(text.charCodeAt(i)) && isLow(text.charCodeAt(i + 1))) pairs++;
  }
  return text.length - pairs;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

const READ_BY_PEOPLE = new Set(['text', 'title', 'caption']);

/** All text that people read in a value that passed its rules (which bounds how deep it goes). */
export function readableCharacters(value: unknown, skip: (object: unknown) => boolean = () => false): number {
  if (skip(value)) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + readableCharacters(one, skip), 0);
  if (!isObject(value)) return 0;
  let sum = 0;
  for (const [name, field] of Object.entries(value)) {
    if (typeof field !== 'string') sum += readableCharacters(field, skip);
    else if (READ_BY_PEOPLE.has(name)) sum += characters(field);
  }
  return sum;
}
