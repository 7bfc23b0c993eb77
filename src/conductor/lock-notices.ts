/** Tells people what became of their locks: taken over, ended by somebody else, or forgotten until their time was over (WN-4). */

import type { Log } from '../log.ts';
import type { LockNotice } from '../policy/calendar/locks.ts';
import { type Clock, type Duration, MINUTE } from '../time.ts';
import type { Stores } from './ports.ts';
import { createPump, type Pump } from './pump.ts';

export interface LockNoticesOptions {
  stores: Stores;
  clock: Clock;
  log: Log;
  tell(notice: LockNotice): Promise<void>;
}

const TRY_AGAIN_AFTER: Duration = 5 * MINUTE;

/** At least once: a process that ends between telling and noting it tells again. */
export function createLockNotices({ stores, clock, log, tell }: LockNoticesOptions): Pump {
  return createPump<LockNotice>({
    name: 'lock notices',
    clock,
    log,
    concurrency: 4,
    keyOf: ({ lock }) => lock.id,
    due: async (now, except, limit) =>
      (await stores.calendar.notices(now, limit + except.size))
        .filter(({ lock }) => !except.has(lock.id))
        .slice(0, limit),
    nextAt: () => stores.calendar.nextNoticeAt(),
    async run(notice) {
      const { id } = notice.lock;
      try {
        await tell(notice);
      } catch (error) {
        log.warn({ err: error, lock: id }, 'the holder of a lock was not told; it is tried again');
        return stores.calendar.postponeNotice(id, clock.now() + TRY_AGAIN_AFTER);
      }
      await stores.calendar.told(id, clock.now());
    },
  });
}
