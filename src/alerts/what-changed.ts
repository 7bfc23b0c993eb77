/** Whether an alert speaks of what a deployment changed: an area of the code, or what its files are. */

import type { Changes, Touch } from '../terms/changes.ts';

/** What of it the ranking reads. */
export type Changed = Pick<Changes, 'commits' | 'files' | 'areas' | 'touches' | 'partial'>;

/** How alerts speak of what files are; the other kinds have no words of their own. */
const WORDS: Partial<Record<Touch, RegExp>> = {
  database: /\b(database|db|sql|postgres\w*|mysql|mariadb|migrations?|deadlocks?|replication)\b/,
  security: /\b(auth\w*|oauth|logins?|tokens?|permissions?|sessions?|certificates?)\b/,
  configuration: /\b(config\w*|settings|feature ?flags?)\b/,
};

/** An area with a shorter name is found in too many words. */
const SHORTEST_AREA = 4;
/** Half of every repository has these. */
const EVERYWHERE: ReadonlySet<string> = new Set([
  'code',
  'main',
  'service',
  'services',
  'test',
  'tests',
  'docs',
]);

/** The areas and kinds of files that the alert names, in words for people; `said` is all of its text. */
export function spokenOf({ areas, touches }: Changed, said: string): string[] {
  const text = said.toLowerCase();
  const words = new Set(text.split(/[^a-z0-9]+/));
  const named = areas
    .map(({ name }) => name)
    .filter((name) => {
      const last = name.toLowerCase().split('/').at(-1) ?? '';
      return last.length >= SHORTEST_AREA && !EVERYWHERE.has(last) && words.has(last);
    });
  const kinds = touches.filter((touch) => WORDS[touch]?.test(text) === true);
  return [...named, ...kinds];
}

/** The same code once more: known whole, and nothing in it. */
export const isSameCode = ({ commits, files, partial }: Changed): boolean =>
  commits === 0 && files === 0 && !partial;
