/** The presets that ship with the program, as text by their names. */

import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('./presets/', import.meta.url);

export function readPresets(): Record<string, string> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yml'));
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -'.yml'.length), readFileSync(new URL(file, FOLDER), 'utf8')]),
  );
}
