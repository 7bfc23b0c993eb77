/** App Home (K-7): drawn from the record for the person who looks. */

import type { HomeView } from '@slack/types';
import type { ListFilter } from '../src/conductor/ports/event-store.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { CAN_HOLD, TERMINAL } from '../src/deployment/lifecycle.ts';
import { mattersOf } from '../src/deployment/waiting-for.ts';
import type { Feature } from '../src/slack/feature.ts';
import type { Homes } from '../src/slack/homes.ts';
import { DAY, type Instant } from '../src/time.ts';
import { renderClosedHome, renderHome, type Some } from '../views/home.ts';
import { inOrder } from '../views/home-waiting.ts';
import { calendarOf } from './calendar.ts';
import type { CommandContext } from './context.ts';

const MAX_LISTED = 50;
/** How long a no-go on what somebody asked for stands on their Home. */
const NO_GO_SHOWN = 7 * DAY;

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
  const [waiting, underWay, scheduled, recent, rejected, calendar] = await Promise.all([
    some({ waitingFor: userId }),
    some({ statuses: [...CAN_HOLD, 'held', 'rolling_back', 'watched_only'] }, (d) => !isWatchedAndLive(d)),
    some({ statuses: ['scheduled'] }),
    some(
      { statuses: [...TERMINAL, 'observing', 'watched_only'] },
      (d) => d.status !== 'watched_only' || isWatchedAndLive(d),
    ),
    some({ requestedBy: userId, statuses: ['rejected'] }, (d) => isRefusedLately(d, context.clock.now())),
    calendarOf(context, userId),
  ]);
  const mine = only(waiting, (d) => mattersOf(d, userId).some((matter) => matter !== 'owed'));
  const listed = new Set(mine.deployments.map(({ id }) => id));
  return renderHome({
    viewer: userId,
    waiting: { ...mine, deployments: inOrder(mine.deployments) },
    refused: await unanswered(context, rejected),
    owed: only(waiting, (d) => mattersOf(d, userId).includes('owed')),
    underWay: only(underWay, ({ id }) => !listed.has(id)),
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

function only(some: Some, keep: (d: Deployment) => boolean): Some {
  const deployments = some.deployments.filter(keep);
  return { deployments, total: deployments.length };
}

function isRefusedLately({ ending }: Deployment, now: Instant): boolean {
  return ending !== undefined && now - ending.at < NO_GO_SHOWN;
}

/** Without those whose place this person has asked for again since. */
async function unanswered(context: CommandContext, { deployments }: Some): Promise<Some> {
  const last = await Promise.all(
    deployments.map(async ({ terms: { envelope } }) => {
      const { service, environment } = envelope;
      const [newest] = await context.stores.events.list({ service, environment, limit: 1 });
      return newest?.id;
    }),
  );
  const open = deployments.filter(({ id }, index) => last[index] === id);
  return { deployments: open, total: open.length };
}
