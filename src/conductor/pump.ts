/** Takes what is due, runs each thing once at a time, and sleeps until the next; the loop under everything that waits. */

import type { Log } from '../log.ts';
import { type Clock, type Duration, type Instant, SECOND } from '../time.ts';

export interface Pump {
  /** Something may be due: look. */
  poke(): void;
  /** Something is due at this moment: look then. */
  dueAt(at: Instant): void;
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
  /** What is due, without those whose keys are given, and when the next is. */
  due(now: Instant, except: ReadonlySet<string>, limit: number): Promise<Due<T>>;
  /**
   * Runs one; it sees to it that the same thing is not due again at once. A rejection is a fault and is logged, but for
   * `NotNow`. Whatever waits for the world does so `aside`. It may say until when the same thing `rests`.
   */
  run(item: T, aside: Aside, rests: Rests): Promise<void>;
}

export interface Due<T> {
  items: T[];
  /** When the next is due. What is due at `now` is known already: it may be left out, and others are not missed for it. */
  next: Instant | undefined;
}

/** Does something that may take long, without a place among those that run beside each other: it keeps nobody from them. */
export type Aside = <T>(act: () => Promise<T>) => Promise<T>;

/** When the same thing is due next, undefined for never: where nothing else has happened meanwhile, nobody has to look for it. */
export type Rests = (until: Instant | undefined) => void;

/** After a fault of our own, the same thing rests this long before it is tried again. */
const REST: Duration = 5 * SECOND;
const NOT_NOW: Duration = SECOND;

/** It cannot be done just now, which is nobody's fault: it rests for a moment, or for as long as is said. */
export class NotNow extends Error {
  override readonly name = 'NotNow';
  readonly rest: Duration;

  constructor(message: string, { rest = NOT_NOW, ...options }: ErrorOptions & { rest?: Duration } = {}) {
    super(message, options);
    this.rest = rest;
  }
}

export function createPump<T>(options: PumpOptions<T>): Pump {
  const { clock, log, name } = options;
  const running = new Map<string, Promise<void>>();
  let setAside = 0;
  const hasRoom = (): boolean => running.size - setAside < options.concurrency;
  const aside: Aside = async (act) => {
    setAside += 1;
    if (again) poke();
    try {
      return await act();
    } finally {
      setAside -= 1;
    }
  };
  /** What rests, and how its rest is given up. */
  const resting = new Map<string, () => void>();
  let scanning: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let timer: { at: Instant; cancel(): void } | undefined;
  /** So often it has looked. What came while something ran was not started beside it. */
  let looks = 0;

  function poke(): void {
    again = true;
    if (scanning !== undefined || stopped) return;
    scanning = scan().finally(() => {
      scanning = undefined;
      if (again && hasRoom()) poke();
    });
  }

  async function scan(): Promise<void> {
    let lookedAt = clock.now();
    let next: Instant | undefined;
    try {
      while (again && !stopped && hasRoom()) {
        again = false;
        looks += 1;
        const except = new Set([...running.keys(), ...resting.keys()]);
        const room = options.concurrency - (running.size - setAside);
        lookedAt = clock.now();
        const due = await options.due(lookedAt, except, room);
        next = due.next;
        // There may be more than there was room for: whoever is set aside or ends makes room for them.
        if (due.items.length === room) again = true;
        for (const item of due.items) start(item);
      }
      sleepUntil(next, lookedAt);
    } catch (error) {
      log.error({ err: error, pump: name }, 'could not look for what is due; trying again');
      wakeAt(clock.now() + REST);
    }
  }

  function start(item: T): void {
    const key = options.keyOf(item);
    if (running.has(key) || stopped) return;
    const looksBefore = looks;
    let known: { until: Instant | undefined } | undefined;
    const run = options
      .run(item, aside, (until) => {
        known = { until };
      })
      .catch((error: unknown) => {
        known = undefined;
        rest(key, error);
      })
      .finally(() => {
        running.delete(key);
        if (known === undefined || again || looks !== looksBefore) poke();
        else if (known.until !== undefined) dueAt(known.until);
      });
    running.set(key, run);
  }

  function rest(key: string, error: unknown): void {
    const notNow = error instanceof NotNow ? error : undefined;
    if (notNow === undefined)
      log.error({ err: error, pump: name, key }, 'a fault; it rests and is tried again');
    const wake = clock.at(clock.now() + (notNow?.rest ?? REST), () => {
      resting.delete(key);
      poke();
    });
    resting.set(key, wake);
  }

  function sleepUntil(at: Instant | undefined, lookedAt: Instant): void {
    // What is due already is running, resting, or waits for a place: each of those pokes when it ends.
    if (at !== undefined && at > lookedAt) wakeAt(at);
    else if (at !== undefined && running.size === 0 && resting.size === 0) again = true;
  }

  function dueAt(at: Instant): void {
    // One that is looking now may have looked too early for it, and would sleep past it.
    if (at <= clock.now() || scanning !== undefined) poke();
    else if (timer === undefined || at < timer.at) wakeAt(at);
  }

  function wakeAt(at: Instant): void {
    timer?.cancel();
    timer = undefined;
    if (stopped) return;
    const cancel = clock.at(at, () => {
      timer = undefined;
      poke();
    });
    timer = { at, cancel };
  }

  const busy = (): boolean => scanning !== undefined || running.size > 0;

  async function idle(): Promise<void> {
    while (busy()) await Promise.allSettled([scanning, ...running.values()]);
  }

  return {
    poke,
    dueAt,
    busy,
    idle,
    async stop() {
      stopped = true;
      timer?.cancel();
      await idle();
      for (const cancel of resting.values()) cancel();
    },
  };
}
