/** The same message is not sent more often than once a second: a burst of events costs one update. */

import { type Clock, type Duration, SECOND } from '../time.ts';

export interface MessagePace {
  /** How long it still rests; 0 or less where it may be sent. */
  restOf(name: string): Duration;
  sent(name: string): void;
}

const AT_MOST_EVERY: Duration = SECOND;

export function createMessagePace(clock: Pick<Clock, 'now'>): MessagePace {
  /** In the order in which they were sent. */
  const lastSent = new Map<string, number>();
  return {
    restOf: (name) => (lastSent.get(name) ?? Number.NEGATIVE_INFINITY) + AT_MOST_EVERY - clock.now(),
    sent(name) {
      const now = clock.now();
      // What was sent longer ago than a message rests is of no more use.
      for (const [sent, at] of lastSent) {
        if (at + AT_MOST_EVERY > now) break;
        lastSent.delete(sent);
      }
      lastSent.delete(name);
      lastSent.set(name, now);
    },
  };
}
