/** Those that look before their time comes: something happened at a backend, or what they waited for has ended. */

import type { Target } from '../backends/port.ts';
import { CAN_ROLL_BACK, type Status } from '../deployment/lifecycle.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../time.ts';
import type { EventStore } from './ports/event-store.ts';

export interface WokenEarly {
  /** Deployments whose backend says of its own that something happened: it is looked at now, whatever is due. */
  hinted: Set<string>;
  /** What has traffic in these places. Where this fails, it is looked at when its time comes. */
  happenedAt(places: readonly Target[]): void;
  /** Others may wait for what has ended; where this fails, the next sweep does it. */
  notStarted(): void;
  busy(): boolean;
  idle(): Promise<unknown>;
}

const WITH_TRAFFIC: readonly Status[] = [...CAN_ROLL_BACK, 'rolling_back'];

export function createWokenEarly(options: {
  events: Pick<EventStore, 'inEnvironment' | 'snooze' | 'wakeNotStarted'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Something is due. */
  poke(): void;
}): WokenEarly {
  const { events, clock, log, poke } = options;
  const hinted = new Set<string>();
  let looking: Promise<unknown> = Promise.resolve();
  let looks = 0;

  function inBackground(work: Promise<void>): void {
    looks += 1;
    looking = Promise.all([looking, work]).finally(() => {
      looks -= 1;
    });
  }

  async function wakeAt(places: readonly Target[]): Promise<void> {
    try {
      for (const { service, environment } of places) {
        const there = await events.inEnvironment(environment, [service], WITH_TRAFFIC);
        for (const { id, seq } of there) {
          hinted.add(id);
          await events.snooze(id, seq, clock.now());
        }
      }
    } catch (error) {
      log.error({ err: error, places }, 'what happened at a backend is looked at when its time comes');
    }
    poke();
  }

  async function wakeNotStarted(): Promise<void> {
    try {
      await events.wakeNotStarted();
      poke();
    } catch (error) {
      log.error({ err: error }, 'those that wait were not woken; the next sweep does it');
    }
  }

  return {
    hinted,
    happenedAt: (places) => inBackground(wakeAt(places)),
    notStarted: () => inBackground(wakeNotStarted()),
    busy: () => looks > 0,
    idle: () => looking,
  };
}
