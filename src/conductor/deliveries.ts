/** What was delivered in a period, newest first, read in pages that hold nobody up (MT-1, OP-9). */

import { defined } from '../defined.ts';
import { type Delivery, deliveryOf } from '../deployment/delivery/delivery.ts';
import type { Instant } from '../time.ts';
import { every } from './every.ts';
import type { EventStore, StartedFilter } from './ports/event-store.ts';

const PAGE = 40;
/** More than these are not summed up for one answer. */
const MAX_DELIVERIES = 5_000;

export interface Delivered {
  deliveries: Delivery[];
  /** Where there were more: since when all of them are here. */
  since?: Instant;
}

type Asked = Omit<StartedFilter, 'after' | 'limit'>;
type Reader = Pick<EventStore, 'started' | 'list'>;

export async function deliveredIn(
  events: Reader,
  asked: Asked,
  most: number = MAX_DELIVERIES,
): Promise<Delivered> {
  const { deliveries, since } = await deployedIn(events, asked, most);
  const taken = await takenBackIn(events, { ...asked, from: since ?? asked.from });
  return { deliveries: [...deliveries, ...taken], ...defined({ since }) };
}

async function deployedIn(events: Reader, asked: Asked, most: number): Promise<Delivered> {
  const deliveries: Delivery[] = [];
  let after: StartedFilter['after'];
  for (;;) {
    const page = await events.started({ ...asked, limit: PAGE, ...defined({ after }) });
    for (const { deployment, startedAt, builtAt } of page) {
      if (deliveries.length === most) return { deliveries, since: after?.startedAt ?? startedAt };
      const delivery = deliveryOf(deployment, builtAt);
      if (delivery !== undefined) deliveries.push(delivery);
      after = { startedAt, id: deployment.id };
    }
    if (page.length < PAGE) return { deliveries };
  }
}

/** These have no rollout of their own: they begin when they are asked for. */
async function takenBackIn(
  events: Reader,
  { from, until, service, environment }: Asked,
): Promise<Delivery[]> {
  const found: Delivery[] = [];
  const statuses = ['rolling_back', 'rolled_back', 'failed'] as const;
  for await (const deployment of every(events, { statuses, ...defined({ service, environment }) })) {
    if (deployment.requestedAt < from) break;
    const delivery = deployment.terms.takesBack && deliveryOf(deployment);
    if (delivery !== undefined && delivery.at < until) found.push(delivery);
  }
  return found;
}
