/** Long work in parts, so that others are served in between (OP-9): it rests where it yields. */

import { setImmediate as nextTurn } from 'node:timers/promises';

export type InParts<T> = Generator<void, T, void>;

/** For whoever shares the time with nobody. */
export function atOnce<T>(parts: InParts<T>): T {
  let next = parts.next();
  while (next.done !== true) next = parts.next();
  return next.value;
}

/** Others have their turn after each part. */
export async function givingWay<T>(parts: InParts<T>): Promise<T> {
  let next = parts.next();
  while (next.done !== true) {
    await nextTurn();
    next = parts.next();
  }
  return next.value;
}
