/** Time as a parameter: the deadlines of every rule run on timers that a test can hold in its hand. */

export interface Timers {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
  /** Milliseconds; only differences matter. */
  now(): number;
}

export const realTimers: Timers = {
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
  now: () => performance.now(),
};

export interface ManualTimers extends Timers {
  /** Runs all that falls due on the way, in order. */
  advance(ms: number): void;
  /** How many timers wait. */
  waiting(): number;
}

interface Waiting {
  due: number;
  order: number;
  run: () => void;
}

export function createManualTimers(start = 0): ManualTimers {
  let now = start;
  let order = 0;
  const waiting = new Set<Waiting>();
  const next = (until: number): Waiting | undefined =>
    [...waiting].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due || a.order - b.order)[0];
  return {
    setTimeout(run, ms) {
      const timer = { due: now + ms, order: order++, run };
      waiting.add(timer);
      return timer;
    },
    clearTimeout(handle) {
      waiting.delete(handle as Waiting);
    },
    now: () => now,
    advance(ms) {
      const until = now + ms;
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        waiting.delete(timer);
        now = Math.max(now, timer.due);
        timer.run();
      }
      now = until;
    },
    waiting: () => waiting.size,
  };
}
