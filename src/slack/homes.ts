/** Keeps the Home of those who have looked at it lately in step with the record. */

import type { View } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Log } from '../log.ts';
import { type Clock, type Duration, SECOND } from '../time.ts';

export interface Homes {
  /** Somebody looks: publish now. */
  opened(userId: string): Promise<void>;
  /** The record moved: publish again, soon, for those who look. */
  changed(): void;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export interface HomesOptions {
  client: WebClient;
  log: Log;
  /** Real time: Slack's limits know no other. */
  clock: Clock;
  render(userId: string): Promise<View>;
}

/** Between a change and the publishing that shows it; more changes meanwhile cost nothing more. */
const SETTLE: Duration = SECOND;

/** `views.publish` allows 100 a minute or so: only the latest lookers are kept in step. */
const MAX_KEPT = 25;

export function createHomes(options: HomesOptions): Homes {
  /** Who looked, the latest last, and what is published for them. */
  const lookers = new Map<string, string>();
  /** One publication after the other for each person, or an older one could arrive last. */
  const publications = new Map<string, Promise<void>>();
  let cancelTimer: (() => void) | undefined;
  let publishing: Promise<void> = Promise.resolve();
  let stopped = false;

  function publish(userId: string): Promise<void> {
    const before = publications.get(userId);
    const mine = before === undefined ? draw(userId) : before.then(() => draw(userId));
    // Whoever asked for it hears of its failure; the next one only waits for its end.
    const over = mine.catch(() => {});
    publications.set(userId, over);
    void over.then(() => publications.get(userId) === over && publications.delete(userId));
    return mine;
  }

  async function draw(userId: string): Promise<void> {
    const view = await options.render(userId);
    const content = JSON.stringify(view);
    if (lookers.get(userId) === content) return;
    await options.client.views.publish({ user_id: userId, view });
    if (lookers.has(userId)) lookers.set(userId, content);
  }

  async function publishAll(): Promise<void> {
    for (const userId of [...lookers.keys()]) {
      if (stopped) return;
      try {
        await publish(userId);
      } catch (error) {
        // The next change, or the next look, publishes it again.
        options.log.warn({ err: error, user: userId }, 'a Home was not brought up to date');
      }
    }
  }

  return {
    async opened(userId) {
      lookers.delete(userId);
      // From now on, not only once it is drawn: what changes meanwhile is to be seen too.
      lookers.set(userId, '');
      const oldest = lookers.keys().next();
      if (lookers.size > MAX_KEPT && !oldest.done) lookers.delete(oldest.value);
      await publish(userId);
    },
    changed() {
      if (cancelTimer !== undefined || lookers.size === 0 || stopped) return;
      cancelTimer = options.clock.at(options.clock.now() + SETTLE, () => {
        cancelTimer = undefined;
        publishing = publishing.then(publishAll);
      });
    },
    idle: () => publishing,
    async stop() {
      stopped = true;
      cancelTimer?.();
      await publishing;
    },
  };
}
