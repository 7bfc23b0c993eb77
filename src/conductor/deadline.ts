/** Gives a call to the outside a time by which it must have answered. Real time: the outside has no other. */

import type { Duration } from '../time.ts';

class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** Rejects with `TooSlow` where the call has not settled in time, and aborts it: what it does later is of no consequence. */
export async function within<T>(
  limit: Duration,
  what: string,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const late = new TooSlow(`${what} did not answer within ${limit / 1000} s`);
      reject(late);
      ending.abort(late);
    }, limit);
  });
  try {
    return await Promise.race([call(ending.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
