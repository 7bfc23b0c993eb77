/** The points that the source names, so that one that is added and never reached is found. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './bundle.ts';

/** As far as each is the same wherever it is reached: `commit:before:`. */
export function namedPoints(): string[] {
  const names = ['commands', 'db', 'src'].flatMap((folder) => filesIn(join(ROOT, folder)).flatMap(namesIn));
  return [...new Set(names)].toSorted();
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

const namesIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/\bpoint(?:\?\.)?\([`']([^`'$]+)/g)].map(([, name = '']) => name);
