/** Takes what is due, runs each thing once at a time, and sleeps until the next; the loop under everything that waits. */

import type { Log } from '../log.ts';
import { type Clock, type Duration, type Instant, SECOND } from '../time.ts';

export interface Pump {
  /** Something may be due: look. */
  poke(): void;
  /** True while it is looking or running something. */
  busy(): boolean;
  /** Resolves when nothing is due and nothing runs. */
  idle(): Promise<void>;
  /** Starts nothing more, and waits for what runs. */
  stop(): Promise<void>;
}

export interface PumpOptions<T> {
  name: string;
  clock: Clock;
  log: Log;
  /** How many may run beside each other. */
  concurrency: number;
  keyOf(item: T): string;
  /** What is due, without those whose keys are given. */
  due(now: Instant, except: ReadonlySet<string>, limit: number): Promise<T[]>;
  nextAt(): Promise<Instant | undefined>;
  /** Runs one; it sees to it that the same thing is not due again at once. A rejection is a fault and is logged. */
  run(item: T): Promise<void>;
}

/** After a fault of our own, the same thing rests this long before it is tried again. */
const REST: Duration = 5 * SECOND;

export function createPump<T>(options: PumpOptions<T>): Pump {
  const { clock, log, name } = options;
  const running = new Map<string, Promise<void>>();
  const resting = new Set<string>();
  let scanning: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let cancelTimer: (() => void) | undefined;

  function poke(): void {
    again = true;
    if (scanning !== undefined || stopped) return;
    scanning = scan().finally(() => {
      scanning = undefined;
      if (again && running.size < options.concurrency) poke();
    });
  }

  async function scan(): Promise<void> {
    try {
      while (again && !stopped && running.size < options.concurrency) {
        again = false;
        const except = new Set([...running.keys(), ...resting]);
        const items = await options.due(clock.now(), except, options.concurrency - running.size);
        for (const item of items) start(item);
      }
      await sleepUntilNext();
    } catch (error) {
      log.error({ err: error, pump: name }, 'could not look for what is due; trying again');
      wakeAt(clock.now() + REST);
    }
  }

  function start(item: T): void {
    const key = options.keyOf(item);
    if (running.has(key) || stopped) return;
    const run = options
      .run(item)
      .catch((error: unknown) => {
        log.error({ err: error, pump: name, key }, 'a fault; it rests and is tried again');
        resting.add(key);
        clock.at(clock.now() + REST, () => {
          resting.delete(key);
          poke();
        });
      })
      .finally(() => {
        running.delete(key);
        poke();
      });
    running.set(key, run);
  }

  async function sleepUntilNext(): Promise<void> {
    const at = await options.nextAt();
    // What is due already is running, resting, or waits for a place: each of those pokes when it ends.
    if (at !== undefined && at > clock.now()) wakeAt(at);
    else if (at !== undefined && running.size === 0 && resting.size === 0) again = true;
  }

  function wakeAt(at: Instant): void {
    cancelTimer?.();
    if (!stopped) cancelTimer = clock.at(at, poke);
  }

  const busy = (): boolean => scanning !== undefined || running.size > 0;

  async function idle(): Promise<void> {
    while (busy()) await Promise.allSettled([scanning, ...running.values()]);
  }

  return {
    poke,
    busy,
    idle,
    async stop() {
      stopped = true;
      cancelTimer?.();
      await idle();
    },
  };
}
