/** App Home (K-7): drawn from the record for the person who looks. */

import type { HomeView } from '@slack/types';
import type { ListFilter } from '../src/conductor/ports/event-store.ts';
import { CAN_HOLD, NOT_STARTED, TERMINAL } from '../src/deployment/lifecycle.ts';
import type { Feature } from '../src/slack/feature.ts';
import type { Homes } from '../src/slack/homes.ts';
import { renderClosedHome, renderHome, type Some } from '../views/home.ts';
import { calendarOf } from './calendar.ts';
import type { CommandContext } from './context.ts';

const MAX_LISTED = 50;
const NONE: Some = { deployments: [], total: 0 };

export function home(homes: Homes): Feature {
  return { homeOpened: (userId) => homes.opened(userId) };
}

export async function homeOf(context: CommandContext, userId: string): Promise<HomeView> {
  const refusal = await context.people.refusesToShow(userId);
  if (refusal !== undefined) return renderClosedHome(refusal);
  const some = async (filter: Omit<ListFilter, 'limit'>): Promise<Some> => {
    const deployments = await context.stores.events.list({ ...filter, limit: MAX_LISTED });
    return { deployments, total: deployments.length };
  };
  const [waiting, underWay, scheduled, recent, calendar] = await Promise.all([
    some({ waitingFor: userId }),
    some({ statuses: [...CAN_HOLD, 'held', 'rolling_back'] }),
    some({ statuses: ['scheduled'] }),
    some({ statuses: [...TERMINAL, 'observing'] }),
    calendarOf(context, userId),
  ]);
  const [asked, owing] = [true, false].map((before) => {
    const deployments = waiting.deployments.filter(({ status }) => NOT_STARTED.has(status) === before);
    return { deployments: deployments.toReversed(), total: deployments.length };
  });
  return renderHome({
    waiting: asked ?? NONE,
    owed: owing ?? NONE,
    underWay,
    scheduled: {
      ...scheduled,
      deployments: scheduled.deployments.toSorted((a, b) => (a.start.at ?? 0) - (b.start.at ?? 0)),
    },
    recent,
    calendar,
  });
}
