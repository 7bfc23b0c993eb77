/** Ids that look like Slack's: a letter for the kind, then capitals and digits, unique in the workspace. */
import { createHash, randomBytes, randomInt } from 'node:crypto';

export type NewId = (kind: string) => string;

/** What is under nine digits to the base of 36, with room above it to count on. */
const FIRST_AT_MOST = 2 ** 46;
const FITTING = 36 ** 9;

/**
 * Counts from a random place: an app that keeps its record over a restart of this Slack must not meet an id that it
 * knows from the life before.
 */
export function createIds(): NewId {
  let last = randomInt(FIRST_AT_MOST);
  return (kind) => `${kind}0${inCapitals(++last)}`;
}

/** An id that is the same on every start, for what is the same thing on every start. */
export function steadyId(kind: string, name: string): string {
  const digest = createHash('sha256').update(`${kind} ${name}`).digest();
  return `${kind}0${inCapitals(digest.readUIntBE(0, 6) % FITTING)}`;
}

const inCapitals = (number: number): string => number.toString(36).toUpperCase().padStart(9, '0');

export function secret(bytes = 12): string {
  return randomBytes(bytes).toString('hex');
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Slack names blocks and actions that came without an id with five random characters. */
export function shortId(): string {
  return [...randomBytes(5)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}
