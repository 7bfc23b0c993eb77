/** Tells people what became of their locks and freezes: taken over, ended by somebody else, or forgotten until their time was over (WN-3, WN-4). */

import type { Log } from '../log.ts';
import type { FreezeNotice } from '../policy/calendar/freezes.ts';
import type { LockNotice } from '../policy/calendar/locks.ts';
import { type Clock, type Duration, MINUTE } from '../time.ts';
import type { Stores } from './ports/stores.ts';
import { createPump, type Pump } from './pump.ts';

export type CalendarNotice = LockNotice | FreezeNotice;

export interface CalendarNoticesOptions {
  stores: Stores;
  clock: Clock;
  log: Log;
  tell(notice: CalendarNotice): Promise<void>;
}

const TRY_AGAIN_AFTER: Duration = 5 * MINUTE;

/** `L-7` or `F-12` */
const subjectOf = (notice: CalendarNotice): string => ('lock' in notice ? notice.lock.id : notice.freeze.id);

/** At least once: a process that ends between telling and noting it tells again. */
export function createCalendarNotices({ stores, clock, log, tell }: CalendarNoticesOptions): Pump {
  return createPump<CalendarNotice>({
    name: 'calendar notices',
    clock,
    log,
    concurrency: 4,
    keyOf: subjectOf,
    async due(now, except, limit) {
      const notices = await stores.calendar.notices(now, limit + except.size);
      return {
        items: notices.filter((notice) => !except.has(subjectOf(notice))).slice(0, limit),
        next: await stores.calendar.nextNoticeAt(),
      };
    },
    async run(notice) {
      const id = subjectOf(notice);
      try {
        await tell(notice);
      } catch (error) {
        log.warn(
          { err: error, subject: id },
          'whom a lock or a freeze concerns was not told; it is tried again',
        );
        return stores.calendar.postponeNotice(id, clock.now() + TRY_AGAIN_AFTER);
      }
      await stores.calendar.told(id, clock.now());
    },
  });
}
