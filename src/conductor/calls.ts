/** Calls to adapters: each instance has so many at once, and rollbacks have as many again that nothing else can take. */

import { waitIn } from '../adapters/retry-after.ts';
import type { DeployBackend } from '../backends/port.ts';
import { COMMAND_LANES, type CommandLane } from '../deployment/command-effects.ts';
import { type Instant, SECOND } from '../time.ts';
import type { Instance } from './instances.ts';

/** So many wait for one instance already, or it asks to be left alone, that this call is better made later. */
export class Crowded extends Error {
  override readonly name = 'Crowded';
}

export interface Calls {
  /**
   * Makes the call as soon as the instance has a place for it. Rejects with `Crowded` where too many wait already, and
   * as the signal says where it is aborted while it waits.
   */
  make<T, R>(
    instance: Instance<T>,
    lane: CommandLane,
    call: (adapter: T, hasWaited: boolean) => Promise<R>,
    signal?: AbortSignal,
  ): Promise<R>;
}

/** For each place of an instance, this many may wait: more would only grow old. */
const WAITING_PER_PLACE = 8;

interface Queue {
  underWay: number;
  waiting: Set<() => void>;
}

export function createCalls(now: () => Instant): Calls {
  /** By instance: what a server asks for is asked of all calls to it. */
  const paused = new WeakMap<object, { from: Instant; until: Instant }>();

  /** A rollback tries all the same: it may be let through, and is told again at its own pace (RB-1). */
  function leaveAlone(instance: object, lane: CommandLane): void {
    const pause = paused.get(instance);
    if (lane === 'rollback' || pause === undefined) return;
    const wait = pause.until - now();
    // A clock that was set back makes no pause longer.
    if (wait > 0 && now() >= pause.from)
      throw new Crowded(`it asks to be left alone for ${Math.ceil(wait / SECOND)} s more`);
  }

  const queues = Object.fromEntries(
    COMMAND_LANES.map((lane) => [lane, new WeakMap<object, Queue>()]),
  ) as Record<CommandLane, WeakMap<object, Queue>>;

  function queueOf(instance: object, lane: CommandLane): Queue {
    const known = queues[lane].get(instance);
    if (known !== undefined) return known;
    const fresh: Queue = { underWay: 0, waiting: new Set() };
    queues[lane].set(instance, fresh);
    return fresh;
  }

  return {
    async make(instance, lane, call, signal) {
      const queue = queueOf(instance, lane);
      leaveAlone(instance, lane);
      const hasWaited = await place(queue, instance.limit, signal);
      try {
        // Whoever had the place before may have been asked to wait.
        leaveAlone(instance, lane);
        return await call(instance.adapter, hasWaited);
      } catch (error) {
        const wait = waitIn(error);
        if (wait !== undefined) paused.set(instance, { from: now(), until: now() + wait });
        throw error;
      } finally {
        leave(queue);
      }
    },
  };
}

/** Resolves once there is a place, which is then taken: to whether it had to be waited for. */
async function place(queue: Queue, limit: number, signal?: AbortSignal): Promise<boolean> {
  signal?.throwIfAborted();
  if (queue.underWay < limit) {
    queue.underWay += 1;
    return false;
  }
  if (queue.waiting.size >= limit * WAITING_PER_PLACE) throw new Crowded(`${queue.waiting.size} calls wait`);
  await new Promise<void>((resolve, reject) => {
    queue.waiting.add(resolve);
    signal?.addEventListener(
      'abort',
      () => {
        // Whoever was given a place meanwhile keeps it, and gives it back.
        if (queue.waiting.delete(resolve)) reject(signal.reason as Error);
      },
      { once: true },
    );
  });
  return true;
}

/** Hands the place to whoever has waited longest. */
function leave(queue: Queue): void {
  const [next] = queue.waiting;
  if (next === undefined) {
    queue.underWay -= 1;
    return;
  }
  queue.waiting.delete(next);
  next();
}

/** For those who ask a backend in passing: within the limit that everybody else has. */
export function limitedBackend(calls: Calls, instance: Instance<DeployBackend>): DeployBackend {
  const { adapter } = instance;
  const make = <R>(call: () => Promise<R>, signal?: AbortSignal): Promise<R> =>
    calls.make(instance, 'rest', call, signal);
  return {
    name: adapter.name,
    steps: adapter.steps,
    apply: (change, step, key, signal) => make(() => adapter.apply(change, step, key, signal), signal),
    rollback: (change, to, key, signal) => make(() => adapter.rollback(change, to, key, signal), signal),
    observe: (target, signal) => make(() => adapter.observe(target, signal), signal),
    versions: (target, signal) => make(() => adapter.versions(target, signal), signal),
    ...(adapter.changes === undefined
      ? {}
      : {
          changes: (target, from, to, signal) =>
            make(
              async () => adapter.changes?.(target, from, to, signal) ?? Promise.reject(new Error('none')),
              signal,
            ),
        }),
  };
}
