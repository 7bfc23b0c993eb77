/** `/deploy calendar`: two weeks of windows, starts, freezes and locks, by day, in the zone of who asks (K-1). */

import { defined } from '../src/defined.ts';
import { covers } from '../src/policy/calendar/scope.ts';
import { openings } from '../src/policy/calendar/windows.ts';
import type { CommandCall, Feature } from '../src/slack/feature.ts';
import { DAY, type Duration } from '../src/time.ts';
import { type CalendarContent, renderCalendar } from '../views/calendar.ts';
import type { CommandContext } from './context.ts';
import { unknownName } from './find.ts';

const AHEAD: Duration = 14 * DAY;
/** More than these are not read; the calendar is for what comes next. */
const MAX_LISTED = 100;

export function calendar(context: CommandContext): Feature {
  return {
    subCommands: {
      calendar: {
        usage: 'calendar [SERVICE]',
        summary: 'two weeks of windows, starts, freezes and locks',
        run: (call) => show(context, call),
      },
    },
  };
}

async function show(context: CommandContext, call: CommandCall): Promise<void> {
  const word = call.text.toLowerCase();
  const services = [...context.policy().services.keys()];
  if (word !== '' && !services.includes(word))
    return call.answer(unknownName('service', call.text, services));
  const content = await calendarOf(context, call.userId, word === '' ? undefined : word);
  await call.answer(renderCalendar(content, word === '' ? undefined : word));
}

/** All of it, or what concerns one service. */
export async function calendarOf(
  context: CommandContext,
  userId: string,
  service?: string,
): Promise<CalendarContent> {
  const now = context.clock.now();
  const until = now + AHEAD;
  const { windows, freezes } = context.policy().calendar;
  const [{ tz: zone }, standing, deployments] = await Promise.all([
    context.people.known(userId),
    context.stores.calendar.standing(now),
    context.stores.events.list({
      statuses: ['scheduled', 'preparing'],
      limit: MAX_LISTED,
      ...defined({ service }),
    }),
  ]);
  const environments = context.policy().environments.map(({ id }) => id);
  const concerns = (scope: Parameters<typeof covers>[0]): boolean =>
    service === undefined || environments.some((environment) => covers(scope, { service, environment }));
  return {
    now,
    until,
    zone,
    windows: windows
      .filter(concerns)
      .flatMap((window) => openings([window], now, until).map(({ from, to }) => ({ ...window, from, to }))),
    scheduled: deployments.filter(
      ({ status, terms: { envelope } }) => status === 'scheduled' || envelope.start.kind === 'at',
    ),
    freezes: [...freezes.filter(({ until: end }) => end > now), ...standing.freezes].filter(concerns),
    locks: standing.locks.filter((lock) => service === undefined || lock.service === service),
  };
}
