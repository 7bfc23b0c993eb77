/** How often: requests per key, counted once they are known to be its own, and failures per address. */

import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { defined } from '../../defined.ts';
import { type Clock, type Duration, type Instant, MINUTE, SECOND } from '../../time.ts';
import { Problem } from './problem.ts';

const REQUESTS_PER_MINUTE = 600;
const FAILURES_PER_MINUTE = 60;

/** More addresses than this are not remembered: the one that came first is forgotten. */
const MAX_REMEMBERED = 5_000;

export interface Limits {
  countRequest(request: FastifyRequest): Promise<void>;
  countFailure(request: FastifyRequest): Promise<void>;
}

export async function createLimits(api: FastifyInstance, clock: Pick<Clock, 'now'>): Promise<Limits> {
  await api.register(rateLimit, { global: false, store: countingBy(clock) });
  const limit = (max: number, what: string, keyGenerator?: (request: FastifyRequest) => string) => {
    const count = api.createRateLimit({
      max,
      timeWindow: MINUTE,
      ...defined({ keyGenerator }),
    });
    return async (request: FastifyRequest): Promise<void> => {
      const counted = await count(request);
      if (counted.isAllowed || !counted.isExceeded) return;
      throw new Problem('too_many_requests', `${what}. Try again in ${counted.ttlInSeconds} s.`, {
        headers: { 'retry-after': String(counted.ttlInSeconds) },
      });
    };
  };
  return {
    countRequest: limit(
      REQUESTS_PER_MINUTE,
      `A key may ask ${REQUESTS_PER_MINUTE} times in a minute`,
      ({ apiKey }) => apiKey,
    ),
    countFailure: limit(
      FAILURES_PER_MINUTE,
      `An address may fail to authenticate ${FAILURES_PER_MINUTE} times in a minute`,
    ),
  };
}

interface Window {
  since: Instant;
  count: number;
}

function countingBy(clock: Pick<Clock, 'now'>): FastifyRateLimitStoreCtor {
  return class Windows {
    readonly #windows = new Map<string, Window>();

    incr(
      key: string,
      callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
      length: Duration,
    ): void {
      const now = clock.now();
      const before = this.#windows.get(key);
      const alive = before !== undefined && now - before.since < length;
      const window = alive ? before : { since: now, count: 0 };
      window.count += 1;
      if (!alive) this.#remember(key, window);
      callback(null, { current: window.count, ttl: Math.max(window.since + length - now, SECOND) });
    }

    child(): Windows {
      return new Windows();
    }

    #remember(key: string, window: Window): void {
      this.#windows.delete(key);
      this.#windows.set(key, window);
      const [first] = this.#windows.keys();
      if (this.#windows.size > MAX_REMEMBERED && first !== undefined) this.#windows.delete(first);
    }
  };
}
