/** Freezes and locks. */

import type { Freeze, FreezeNotice } from '../../policy/calendar/freezes.ts';
import type { Lock, LockNotice } from '../../policy/calendar/locks.ts';
import type { By, PersonRef } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';

/** What was done to a freeze or a lock, for ever. */
export interface CalendarEntry {
  seq: number;
  at: Instant;
  by: By;
  what: 'frozen' | 'lifted' | 'locked' | 'released' | 'taken_over' | 'expired';
  /** `F-12` or `L-7`. */
  subject: string;
  why: string;
  body: unknown;
}

/** Freezes that people declared, and locks. Each change is logged, and wakes what has not started, in one transaction. */
export interface CalendarStore {
  /** Freezes and locks that stand now or will. */
  standing(now: Instant): Promise<{ freezes: Freeze[]; locks: Lock[] }>;
  freeze(freeze: Omit<Freeze, 'id' | 'by'> & { by: PersonRef }, at: Instant): Promise<Freeze>;
  /** False where it is not there to be lifted any more. */
  lift(id: string, by: PersonRef, why: string, at: Instant): Promise<boolean>;
  /** Locks the place, and ends the locks named in `ending`; what stands there besides is in the way. */
  lock(
    lock: Omit<Lock, 'id'>,
    ending: readonly string[],
  ): Promise<{ ok: true; lock: Lock; ended: Lock[] } | { ok: false; inTheWay: Lock }>;
  /** False where it is over already. */
  release(id: string, by: PersonRef, at: Instant): Promise<boolean>;
  /** Locks and freezes whose people have to be told something, the longest due first. */
  notices(now: Instant, limit: number): Promise<(LockNotice | FreezeNotice)[]>;
  nextNoticeAt(): Promise<Instant | undefined>;
  /** They were told; a lock whose time is over ends with it. */
  told(id: string, at: Instant): Promise<void>;
  postponeNotice(id: string, at: Instant): Promise<void>;
  /** Newest first. */
  log(limit: number): Promise<CalendarEntry[]>;
}
