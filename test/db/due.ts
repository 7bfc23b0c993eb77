/** What waits for its time, as tests ask for it. */

import type { Stores } from '../../src/conductor/ports/stores.ts';
import type { Instant } from '../../src/time.ts';

type Events = Pick<Stores['events'], 'due'>;

/** Those that do not roll back, the longest due first. */
export async function dueAt(events: Events, now: Instant, limit = 10): Promise<string[]> {
  return (await events.due(now, limit, 'rest')).due.map(({ id }) => id);
}

/** When the first of them is due. */
export async function firstDue(events: Events): Promise<Instant | undefined> {
  return (await events.due(-1, 0, 'rest')).next;
}
