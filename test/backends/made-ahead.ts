/** The next world of a test is made while this one is tested: starting another program is mostly waiting. */

import { afterAll } from 'vitest';

/** To be called where tests are declared: what nobody took in the end is closed with them. */
export function madeAhead<T extends { close(): Promise<void> }>(make: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | undefined;

  function begin(): Promise<T> {
    const made = make();
    // Whoever takes it hears of it.
    made.catch(() => undefined);
    return made;
  }

  afterAll(async () => {
    await (await next)?.close();
  });

  return () => {
    const mine = next ?? begin();
    next = begin();
    return mine;
  };
}
