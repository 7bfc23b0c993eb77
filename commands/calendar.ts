/** `/deploy calendar`: two weeks of windows, starts, freezes and locks, by day, in the zone of who asks (K-1). */

import { defined } from '../src/defined.ts';
import { type Freeze, freezesAt } from '../src/policy/calendar/freezes.ts';
import { plannedFreezes } from '../src/policy/calendar/recurring.ts';
import { covers, type Place } from '../src/policy/calendar/scope.ts';
import { nextOpen, openings, type Window, windowsAt } from '../src/policy/calendar/windows.ts';
import type { CommandCall, Feature } from '../src/slack/feature.ts';
import { DAY, type Duration, type Instant } from '../src/time.ts';
import { readSubject } from '../src/words/subject.ts';
import { type CalendarContent, renderCalendar, renderNextWindows } from '../views/calendar.ts';
import type { CommandContext } from './context.ts';
import { namesOf, tooMuch, unknownName } from './find.ts';

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
      next: { ...NEXT, run: (call) => nextWindow(context, call) },
    },
  };
}

const NEXT = {
  usage: 'next window [SERVICE] [ENVIRONMENT]',
  summary: 'when it may be deployed next, for each environment',
};

/** The next time that a window is open and no freeze stands, for each place that is meant. */
async function nextWindow(context: CommandContext, call: CommandCall): Promise<void> {
  const words = call.text.replace(/^windows?\b[\s?]*(?:for\b)?/i, '');
  const policy = context.policy();
  const { id, service, environment, reason, unknown } = readSubject(words, namesOf(policy));
  if (unknown !== undefined)
    return call.answer(unknownName(unknown.what, unknown.word, [...policy.services.keys()], call.typed));
  if ((id ?? reason) !== '') return call.answer(tooMuch(id ?? reason, NEXT.usage));
  const now = context.clock.now();
  const { freezes } = await context.stores.calendar.standing(now);
  const all = [...plannedFreezes(policy.calendar, now, now + AHEAD * 2), ...freezes];
  const places = [...policy.services.values()]
    .filter(({ name }) => service === undefined || name === service)
    .flatMap(({ name, environments }) => environments.map((at) => ({ service: name, environment: at })))
    .filter((place) => environment === undefined || place.environment === environment);
  const chances = places.map((place) => ({
    place,
    open: openFrom(policy.calendar.windows, all, place, now),
  }));
  await call.answer(renderNextWindows(chances, now));
}

/** A freeze within an opening moves its beginning; undefined where none comes in three weeks. */
function openFrom(
  windows: readonly Window[],
  freezes: readonly Freeze[],
  place: Place,
  now: Instant,
): { from: Instant; to?: Instant } | undefined {
  const there = windowsAt(windows, place);
  let at = now;
  for (let tries = 0; tries <= freezes.length + 1; tries += 1) {
    const chance = there.length === 0 ? { at } : nextOpen(there, at, 0);
    if (chance === undefined) return undefined;
    const frozen = freezesAt(freezes, place, chance.at);
    if (frozen.length === 0)
      return { from: chance.at, ...('opening' in chance ? { to: chance.opening.to } : {}) };
    at = Math.max(...frozen.map(({ until }) => until));
  }
  return undefined;
}

async function show(context: CommandContext, call: CommandCall): Promise<void> {
  const services = [...context.policy().services.keys()];
  const subject = readSubject(call.text, namesOf(context.policy()));
  const { service, reason, unknown } = subject;
  if (unknown !== undefined) return call.answer(unknownName('service', unknown.word, services, call.typed));
  const unused = subject.id ?? subject.environment ?? reason;
  if (unused !== '') return call.answer(tooMuch(unused, 'calendar [SERVICE]'));
  const content = await calendarOf(context, call.userId, service);
  await call.answer(renderCalendar(content, service));
}

/** All of it, or what concerns one service. */
export async function calendarOf(
  context: CommandContext,
  userId: string,
  service?: string,
): Promise<CalendarContent> {
  const now = context.clock.now();
  const until = now + AHEAD;
  const { windows } = context.policy().calendar;
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
    freezes: [...plannedFreezes(context.policy().calendar, now, until), ...standing.freezes].filter(concerns),
    locks: standing.locks.filter((lock) => service === undefined || lock.service === service),
  };
}
