/** Whether a program of the system is there; where it is not, what needs it is skipped by name, and in CI never. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Undefined where it is not installed. */
export function programAt(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** Those of the names that are missing; ends the run where nothing may be. */
export function missingPrograms(...names: string[]): string[] {
  const missing = names.filter((name) => programAt(name) === undefined);
  if (missing.length > 0 && process.env.CI !== undefined) {
    throw new Error(`CI must have ${missing.join(' and ')}`);
  }
  return missing;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
