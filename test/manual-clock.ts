/** A clock that stands still until a test moves it. */

import type { Clock, Duration, Instant } from '../src/time.ts';

export interface ManualClock extends Clock {
  /** Moves to an instant, waking what is due on the way, in order. */
  moveTo(at: Instant): void;
  advance(by: Duration): void;
  /** When the next waiting thing is due. */
  nextAt(): Instant | undefined;
}

export function createManualClock(start: Instant = Date.UTC(2026, 0, 5, 10)): ManualClock {
  let now = start;
  const waiting = new Set<{ at: Instant; wake: () => void }>();
  const first = (): { at: Instant; wake: () => void } | undefined =>
    [...waiting].reduce<{ at: Instant; wake: () => void } | undefined>(
      (soonest, entry) => (soonest === undefined || entry.at < soonest.at ? entry : soonest),
      undefined,
    );
  const clock: ManualClock = {
    now: () => now,
    at(at, wake) {
      const entry = { at, wake };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    nextAt: () => first()?.at,
    moveTo(at) {
      for (let due = first(); due !== undefined && due.at <= at; due = first()) {
        now = Math.max(now, due.at);
        waiting.delete(due);
        due.wake();
      }
      now = Math.max(now, at);
    },
    advance: (by) => clock.moveTo(now + by),
  };
  return clock;
}
