/** App Home (K-7): drawn from the record for the person who looks. */

import type { HomeView } from '@slack/types';
import type { ListFilter } from '../src/conductor/ports/event-store.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
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
  const some = async (
    filter: Omit<ListFilter, 'limit'>,
    isMeant: (d: Deployment) => boolean = () => true,
  ): Promise<Some> => {
    const listed = await context.stores.events.list({ ...filter, limit: MAX_LISTED });
    const deployments = listed.filter(isMeant);
    return { deployments, total: deployments.length };
  };
  const [waiting, underWay, scheduled, recent, calendar] = await Promise.all([
    some({ waitingFor: userId }),
    some({ statuses: [...CAN_HOLD, 'held', 'rolling_back', 'watched_only'] }, (d) => !isWatchedAndLive(d)),
    some({ statuses: ['scheduled'] }),
    some(
      { statuses: [...TERMINAL, 'observing', 'watched_only'] },
      (d) => d.status !== 'watched_only' || isWatchedAndLive(d),
    ),
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

/** Somebody else has brought it to all traffic: it is news of what was done, not of what moves. */
function isWatchedAndLive({ status, rollout }: Deployment): boolean {
  return status === 'watched_only' && rollout?.reported?.percent === 100;
}
