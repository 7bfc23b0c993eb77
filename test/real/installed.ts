/** What needs a program that is not installed is skipped by name; in CI that ends the run. */

import { programAt } from '../../src/cli/real/processes.ts';

/** Those of the names that are missing. */
export function missingPrograms(...names: string[]): string[] {
  const missing = names.filter((name) => programAt(name) === undefined);
  if (missing.length > 0 && process.env.CI !== undefined) {
    throw new Error(`CI must have ${missing.join(' and ')}`);
  }
  return missing;
}
