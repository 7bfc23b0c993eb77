/** Waits for a busy database without stopping the process, and not for ever. */

import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseBusy } from '../src/conductor/ports/faults.ts';
import type { Duration } from '../src/time.ts';

export interface BusyRetry {
  isBusy(error: unknown): boolean;
  wait(pause: Duration): Promise<unknown>;
  /** 0 to 1: two processes that ran into each other must not do so again in step. */
  random(): number;
  /** What one failed try costs by itself: the database's own busy timeout. */
  tryCosts: Duration;
}

/** All waits together; a person who clicked is still there after this. */
const MAX_WAIT: Duration = 10_000;
const FIRST_PAUSE: Duration = 20;
const MAX_PAUSE: Duration = 1_000;

export const realWait = (pause: Duration): Promise<unknown> => sleep(pause);

/** Tries until the database is free. `attempt` must leave nothing behind when it throws. */
export async function retryWhileBusy<T>(busyRetry: BusyRetry, attempt: () => Promise<T>): Promise<T> {
  let spent = 0;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!busyRetry.isBusy(error)) throw error;
      const pause = pauseAfter(tries, busyRetry.random());
      spent += busyRetry.tryCosts + pause;
      if (spent > MAX_WAIT) {
        const seconds = MAX_WAIT / 1_000;
        throw new DatabaseBusy(`locked for ${seconds} s, ${tries} tries; nothing was written`, {
          cause: error,
        });
      }
      await busyRetry.wait(pause);
    }
  }
}

/** Doubles up to the longest; between half of it and all of it by chance. */
function pauseAfter(tries: number, random: number): Duration {
  const most = Math.min(MAX_PAUSE, FIRST_PAUSE * 2 ** (tries - 1));
  return most * (0.5 + random / 2);
}
