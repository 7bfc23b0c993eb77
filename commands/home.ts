/** App Home (K-7): drawn from the record for the person who looks. */

import type { HomeView } from '@slack/types';
import type { ListFilter } from '../src/conductor/ports.ts';
import { CAN_HOLD, TERMINAL } from '../src/deployment/lifecycle.ts';
import type { Feature } from '../src/slack/feature.ts';
import type { Homes } from '../src/slack/homes.ts';
import { renderHome, type Some } from '../views/home.ts';
import type { Room } from './room.ts';

const MOST = 50;

export function home(homes: Homes): Feature {
  return { homeOpened: (userId) => homes.opened(userId) };
}

export async function homeOf(room: Room, userId: string): Promise<HomeView> {
  const some = async (filter: Omit<ListFilter, 'limit'>): Promise<Some> => {
    const deployments = await room.stores.events.list({ ...filter, limit: MOST });
    return { deployments, total: deployments.length };
  };
  const [waiting, underWay, scheduled, recent] = await Promise.all([
    some({ waitingFor: userId }),
    some({ statuses: [...CAN_HOLD, 'held', 'rolling_back'] }),
    some({ statuses: ['scheduled'] }),
    some({ statuses: [...TERMINAL, 'observing'] }),
  ]);
  return renderHome({
    waiting: { ...waiting, deployments: waiting.deployments.toReversed() },
    underWay,
    scheduled: {
      ...scheduled,
      deployments: scheduled.deployments.toSorted((a, b) => (a.startAt ?? 0) - (b.startAt ?? 0)),
    },
    recent,
  });
}
