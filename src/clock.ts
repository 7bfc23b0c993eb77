/** The clock of the running program: real time, or real time made faster. */

import type { Clock, Instant } from './time.ts';

/** Node's timers hold at most this many milliseconds; a longer wait is cut in pieces. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * `speed` 120 lets two minutes pass in a second. `from` is where it begins: later than the real now where a record
 * that a faster clock wrote is opened again.
 */
export function createClock(options: { speed?: number; from?: Instant } = {}): Clock {
  const speed = options.speed ?? 1;
  const startedAt = performance.now();
  const from = options.from ?? Date.now();
  const now = (): Instant => Math.floor(from + (performance.now() - startedAt) * speed);
  return {
    now,
    at(at, wake) {
      let timer: NodeJS.Timeout | undefined;
      const arm = (): void => {
        const left = (at - now()) / speed;
        timer = setTimeout(
          left > LONGEST_TIMER ? arm : wake,
          Math.min(Math.max(Math.ceil(left), 0), LONGEST_TIMER),
        );
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
