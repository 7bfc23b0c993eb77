/** Locks: one person keeps a service to themselves, in one environment or in all, until a time (WN-4). */

import type { PersonRef } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';
import type { Place } from './scope.ts';

export interface Lock {
  /** `L-7` */
  id: string;
  service: string;
  /** All environments of the service where unset. */
  environment?: string;
  holder: PersonRef;
  reason: string;
  from: Instant;
  until: Instant;
}

/** Something to tell the holder of a lock. */
export interface LockNotice {
  lock: Lock;
  /** Why it ended, where somebody ended it; unset where its time is over. */
  ended?: { how: 'released' | 'taken_over'; by: PersonRef };
}

export function lockPlace({ service, environment }: Pick<Lock, 'service' | 'environment'>): string {
  return environment === undefined ? service : `${service} in ${environment}`;
}

/** Two locks meet where some place would have both. */
export function locksMeet(
  a: Pick<Lock, 'service' | 'environment'>,
  b: Pick<Lock, 'service' | 'environment'>,
): boolean {
  return (
    a.service === b.service &&
    (a.environment === undefined || b.environment === undefined || a.environment === b.environment)
  );
}

/** Whether wherever `other` applies, `lock` does too. */
export function lockCovers(
  lock: Pick<Lock, 'service' | 'environment'>,
  other: Pick<Lock, 'service' | 'environment'>,
): boolean {
  return (
    lock.service === other.service &&
    (lock.environment === undefined || lock.environment === other.environment)
  );
}

/** The locks on a place at an instant that none of these people holds. */
export function locksAgainst(
  locks: readonly Lock[],
  place: Place,
  at: Instant,
  people: readonly string[],
): Lock[] {
  return locks.filter(
    (lock) =>
      locksMeet(lock, place) && lock.from <= at && at < lock.until && !people.includes(lock.holder.id),
  );
}
