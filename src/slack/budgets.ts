/**
 * What Slack still takes, by what it counts together: updates in the whole workspace, posts in each channel (K-12). After
 * a 429 nobody asks until the time is over, and then one at a time, until Slack has refused nothing for a minute.
 */

import { type Clock, type Duration, type Instant, MINUTE } from '../time.ts';

export interface Budgets {
  /** Slack asked to wait. */
  refused(name: string, wait: Duration): void;
  /** Nothing of it may be sent now. */
  isClosed(name: string): boolean;
  /** Slack has refused some of it lately: it is sent one at a time. */
  isScarce(name: string): boolean;
  /** When it is no longer sent one at a time; unset where it is not now. */
  plentyAt(name: string): Instant | undefined;
  closed(): string[];
  /** The end of the first pause that is not over at this moment. */
  opensAt(after: Instant): Instant | undefined;
  /** Sends something of it. */
  use<T>(name: string, send: () => Promise<T>): Promise<T>;
}

const SCARCE_FOR: Duration = MINUTE;

export function createBudgets(clock: Pick<Clock, 'now'>): Budgets {
  const pausedUntil = new Map<string, Instant>();
  const underWay = new Map<string, number>();

  function isScarce(name: string): boolean {
    const until = pausedUntil.get(name);
    if (until === undefined) return false;
    if (until + SCARCE_FOR > clock.now()) return true;
    pausedUntil.delete(name);
    return false;
  }

  const isPaused = (name: string): boolean => (pausedUntil.get(name) ?? 0) > clock.now();
  const isClosed = (name: string): boolean =>
    isPaused(name) || (isScarce(name) && (underWay.get(name) ?? 0) > 0);

  return {
    isScarce,
    isClosed,
    refused(name, wait) {
      pausedUntil.set(name, Math.max(pausedUntil.get(name) ?? 0, clock.now() + wait));
    },
    plentyAt: (name) => (isScarce(name) ? (pausedUntil.get(name) ?? 0) + SCARCE_FOR : undefined),
    closed: () => [...pausedUntil.keys()].filter(isClosed),
    opensAt(after) {
      const ends = [...pausedUntil.values()].filter((until) => until > after);
      return ends.length === 0 ? undefined : Math.min(...ends);
    },
    async use(name, send) {
      underWay.set(name, (underWay.get(name) ?? 0) + 1);
      try {
        return await send();
      } finally {
        const left = (underWay.get(name) ?? 1) - 1;
        if (left > 0) underWay.set(name, left);
        else underWay.delete(name);
      }
    },
  };
}
