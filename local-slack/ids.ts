/** Ids that look like Slack's: a letter for the kind, then capitals and digits, unique in the workspace. */
import { randomBytes } from 'node:crypto';

export type NewId = (kind: string) => string;

export function createIds(): NewId {
  let last = 0;
  return (kind) => `${kind}0${(++last).toString(36).toUpperCase().padStart(9, '0')}`;
}

export function secret(bytes = 12): string {
  return randomBytes(bytes).toString('hex');
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Slack names blocks and actions that came without an id with five random characters. */
export function shortId(): string {
  return [...randomBytes(5)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}
