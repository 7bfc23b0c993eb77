/** What becomes of a live message that Slack did not take: tried again later, posted anew, or given up and told of. */

import type { MessageRow } from '../conductor/ports/live-messages.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { type Duration, type Instant, MINUTE, SECOND } from '../time.ts';
import type { Budgets } from './budgets.ts';
import { failureOf } from './failure.ts';
import { nameOf, queueOf } from './message-names.ts';
import { UPDATES } from './message-order.ts';
import type { RendererOptions } from './renderer-options.ts';

export interface MessageRetries {
  /** Until when it waits for the one before it in its channel, which failed; undefined where nothing is in its way. */
  waitsUntil(row: MessageRow): Instant | undefined;
  shown(row: MessageRow): void;
  failed(row: MessageRow, deployment: Deployment, error: unknown): Promise<void>;
  /** It cannot be shown where it belongs, and why. */
  unshown(row: MessageRow, deployment: Deployment, problem: string): Promise<void>;
}

const MAX_WAIT: Duration = 30 * SECOND;
/** A person can mend the place, by an invitation: a channel is tried again after this long. */
const MENDED_WITHIN: Duration = MINUTE;

export function createMessageRetries(
  { stores, clock, log, onUnshown }: Pick<RendererOptions, 'stores' | 'clock' | 'log' | 'onUnshown'>,
  budgets: Budgets,
): MessageRetries {
  const { messages } = stores;
  /** Tries in a row that came to nothing, by message. */
  const tries = new Map<string, number>();
  const unshowable = new Set<string>();
  /** Until when a deployment's channel takes no new message: what comes after one that failed waits with it. */
  const blocked = new Map<string, Instant>();

  /** Twice as long after each try in a row that came to nothing. */
  function waitOf(row: MessageRow): Duration {
    const count = (tries.get(nameOf(row)) ?? 0) + 1;
    tries.set(nameOf(row), count);
    return Math.min(SECOND * 2 ** (count - 1), MAX_WAIT);
  }

  async function retry(
    row: MessageRow,
    wait: Duration,
    problem: string,
    sent: 'no' | 'perhaps',
  ): Promise<void> {
    const at = clock.now() + wait;
    if (row.ts === undefined) blocked.set(queueOf(row), at);
    await messages.retryAt(row, at, problem, sent);
  }

  async function unshown(row: MessageRow, deployment: Deployment, problem: string): Promise<void> {
    const key = nameOf(row);
    if (!unshowable.has(key)) {
      log.error({ key, problem }, 'a message cannot be shown');
      onUnshown(deployment, row.message, problem);
    }
    const over = row.message.kind === 'dm' || deployment.ending?.at !== undefined;
    if (over) unshowable.delete(key);
    else unshowable.add(key);
    if (over) await messages.giveUp(row, problem);
    else await retry(row, MENDED_WITHIN, problem, 'no');
  }

  return {
    unshown,
    waitsUntil(row) {
      const free = row.ts === undefined ? blocked.get(queueOf(row)) : undefined;
      return free !== undefined && free > clock.now() ? free : undefined;
    },
    shown(row) {
      const key = nameOf(row);
      tries.delete(key);
      unshowable.delete(key);
      if (row.ts === undefined) blocked.delete(queueOf(row));
    },
    async failed(row, deployment, error) {
      const failure = failureOf(error);
      const { problem } = failure;
      const key = nameOf(row);
      switch (failure.kind) {
        case 'lost':
          log.warn({ key, problem }, 'a live message is gone; it is posted again');
          return messages.lost(row);
        case 'unshowable':
          return unshown(row, deployment, problem);
        case 'passing': {
          const wait = failure.wait ?? waitOf(row);
          log.warn({ key, problem, wait }, 'a message was not shown; trying again');
          if (failure.wait !== undefined) budgets.refused(row.ts === undefined ? row.place : UPDATES, wait);
          return retry(row, wait, problem, failure.sent);
        }
      }
    },
  };
}
