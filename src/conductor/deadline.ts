/** Gives a call to the outside a time by which it must have answered. Real time: the outside has no other. */

import type { Duration } from '../time.ts';

export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** Rejects with `TooSlow` where `call` has not settled in time; what it does later is of no consequence. */
export async function within<T>(limit: Duration, what: string, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TooSlow(`${what} did not answer within ${limit / 1000} s`)), limit);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
