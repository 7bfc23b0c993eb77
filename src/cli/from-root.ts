/** Files of the project itself. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file at the project's root, from the sources and from `dist/` alike. */
export function fromRoot(name: string): string {
  const near = fileURLToPath(new URL(`../../${name}`, import.meta.url));
  return existsSync(near) ? near : fileURLToPath(new URL(`../../../${name}`, import.meta.url));
}
