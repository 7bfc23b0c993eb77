/** Carries out one order on the servers of a place: each kind of order is handed to whoever knows its way. */

import { createBatches } from './batches.ts';
import type { Doing } from './doing.ts';
import { createGroups } from './groups.ts';
import type { Order } from './journal.ts';
import type { Servers } from './servers.ts';
import { createWayBack } from './way-back.ts';

export type CarryOut = (order: Order, doing: Doing) => Promise<void>;

export function createCarryOut(servers: Servers): CarryOut {
  const groups = createGroups(servers);
  const { batch, roll } = createBatches(servers);
  const back = createWayBack(servers, { ...groups, roll });
  return async (order, doing) => {
    switch (order.kind) {
      case 'share':
        return groups.share(order, doing);
      case 'stand-up':
        await groups.standUp(order, doing);
        return;
      case 'batch':
        return batch(order, doing);
      case 'replace':
        return groups.replace(order, doing);
      case 'retire-old':
        return groups.retire(order.version, doing);
      case 'back':
        return back(order, doing);
      case 'none':
        return;
    }
  };
}
