/** How long a server asks to be left alone: adapters read it, their errors carry it, and all calls of the instance wait for it. */

import { type Duration, MINUTE, SECOND } from '../time.ts';

/** A server that asks for more is asked again after this: it may be well before, and people hear of it where it is not. */
export const MAX_WAIT: Duration = MINUTE;
/** Whoever calls people in may want more: what it was told already is not told again meanwhile. */
export const MAX_NOTIFIER_WAIT: Duration = 10 * MINUTE;

/** Of the header `Retry-After`: seconds, or a date by the server's clock. Undefined where it says neither. */
export function readRetryAfter(header: string | null | undefined, now = Date.now()): Duration | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * SECOND : Date.parse(header) - now;
  return wait > 0 && Number.isFinite(wait) ? wait : undefined;
}

/** What an error, or one that it came from, says of it. */
export function waitIn(error: unknown): Duration | undefined {
  let one = error;
  for (let depth = 0; one instanceof Error && depth < 5; depth += 1) {
    const { retryAfter } = one as { retryAfter?: unknown };
    if (typeof retryAfter === 'number' && retryAfter > 0) return Math.min(retryAfter, MAX_WAIT);
    one = one.cause;
  }
  return undefined;
}
