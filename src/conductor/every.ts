/** All deployments that fit, however many there are: what decides something is never cut off at the end of a page. */

import { defined } from '../defined.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { EventStore, ListFilter } from './ports/event-store.ts';

/** Read at once, so that no walk holds the loop or the memory for long. */
const PAGE = 100;

/** Newest request first. A walk that is left early reads no further page. */
export async function* every(
  events: Pick<EventStore, 'list'>,
  filter: Omit<ListFilter, 'limit' | 'before'>,
): AsyncGenerator<Deployment, void, undefined> {
  let before: string | undefined;
  for (;;) {
    const page = await events.list({ ...filter, limit: PAGE, ...defined({ before }) });
    yield* page;
    before = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}

/** The same as a list, for what is known to be few. */
export async function listEvery(
  events: Pick<EventStore, 'list'>,
  filter: Omit<ListFilter, 'limit' | 'before'>,
): Promise<Deployment[]> {
  const all: Deployment[] = [];
  for await (const deployment of every(events, filter)) all.push(deployment);
  return all;
}
