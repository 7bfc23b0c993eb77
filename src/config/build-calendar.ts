/** Checked settings about times → the calendar's policy: minutes, instants, roles. */

import { defined } from '../defined.ts';
import { PLAN_AHEAD } from '../policy/calendar/blockers.ts';
import type { Freeze } from '../policy/calendar/freezes.ts';
import type { CalendarPolicy } from '../policy/calendar/policy.ts';
import { parseWeekly, type RecurringFreeze } from '../policy/calendar/recurring.ts';
import type { Window } from '../policy/calendar/windows.ts';
import { instantOf } from '../policy/calendar/zone.ts';
import { DAY, type Duration, HOUR, type Instant } from '../time.ts';
import { namedRoles } from './any-of.ts';
import { parseDuration } from './durations.ts';
import type { Settings } from './merge.ts';

const LOCK_FOR = HOUR;
const MAX_LOCK = 7 * DAY;

/** `expand` turns words for many roles into those roles. */
export function buildCalendar(
  settings: Settings,
  expand: (ids: readonly string[]) => readonly string[],
): CalendarPolicy {
  const { calendar = {}, windows = [], freezes = [] } = settings;
  const everyRole = namedRoles(settings);
  const mayOverride = expand(calendar.override ?? overridersIn(everyRole));
  return {
    windows: [...windows.map((window) => windowOf(window, settings)), ...teamWindowsOf(settings)],
    freezes: freezes.flatMap((freeze, index) => freezeOf(freeze, index, settings, mayOverride)),
    recurring: freezes.flatMap((freeze, index) => recurringOf(freeze, index, settings, mayOverride)),
    mayFreeze: calendar.freeze === undefined ? everyRole : expand(calendar.freeze),
    // A freeze that one deployment may not ignore is not ended by the same person for all of them.
    mayLift: calendar.lift === undefined ? mayOverride : expand(calendar.lift),
    mayOverride,
    mayLock: calendar.lock === undefined ? everyRole : expand(calendar.lock),
    lockFor: calendar.lock_for === undefined ? LOCK_FOR : parseDuration(calendar.lock_for),
    planAhead: planAheadOf(settings),
    longestLock: calendar.longest_lock === undefined ? MAX_LOCK : parseDuration(calendar.longest_lock),
  };
}

export function planAheadOf({ calendar }: Pick<Settings, 'calendar'>): Duration {
  return calendar?.plan_ahead === undefined ? PLAN_AHEAD : parseDuration(calendar.plan_ahead);
}

/** Where nobody is named: those who answer for production anyway, as far as the team has them. */
function overridersIn(roles: readonly string[]): string[] {
  return ['tech_lead', 'operations'].filter((role) => roles.includes(role));
}

type WindowSettings = NonNullable<Settings['windows']>[number];
type FreezeSettings = NonNullable<Settings['freezes']>[number];

export function windowOf(window: WindowSettings, settings: Pick<Settings, 'time_zone' | 'holidays'>): Window {
  const holidays = window.on_holidays === 'open' ? [] : (settings.holidays ?? []);
  const { days, from, to, time_zone: own } = window;
  const name = window.name ?? `${days.join(', ')} ${from}–${to}`;
  return {
    name,
    days,
    from: minutesOf(from),
    to: minutesOf(to),
    timeZone: own ?? settings.time_zone ?? 'UTC',
    ...defined({ lowTraffic: window.low_traffic, support: window.support }),
    ...(holidays.length === 0 ? {} : { closedOn: holidays }),
    ...scopeOf(window),
  };
}

/** Each team's windows are for the services that name the team. */
function teamWindowsOf(settings: Settings): Window[] {
  return Object.entries(settings.teams ?? {}).flatMap(([team, { windows = [] }]) => {
    const services = servicesOf(settings, team);
    return services.length === 0
      ? []
      : windows.map((window) => ({ ...windowOf({ ...window, services }, settings), team }));
  });
}

function servicesOf({ services }: Pick<Settings, 'services'>, team: string): string[] {
  return Object.keys(services).filter((name) => services[name]?.team === team);
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** A day alone is its midnight; not a number where there is no such day. */
export function atOf(text: string, zone: string): Instant {
  const wall = Date.parse(`${text.length === 10 ? `${text} 00:00` : text}:00Z`.replace(' ', 'T'));
  // What reads a date takes the 30th of February for the 2nd of March.
  const exists = !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(text.slice(0, 10));
  return exists ? instantOf(wall, zone) : Number.NaN;
}

function freezeOf(
  freeze: FreezeSettings,
  index: number,
  settings: Settings,
  mayOverride: readonly string[],
): Freeze[] {
  const { from, to, time_zone: own } = freeze;
  if (from === undefined || to === undefined) return [];
  const zone = own ?? settings.time_zone ?? 'UTC';
  const about = { id: `policy:${index + 1}`, reason: freeze.reason, ...scopeOf(freeze) };
  const overrides = freeze.override ?? mayOverride;
  return [{ ...about, from: atOf(from, zone), until: atOf(to, zone), overrides }];
}

function recurringOf(
  freeze: FreezeSettings,
  index: number,
  settings: Settings,
  mayOverride: readonly string[],
): RecurringFreeze[] {
  const weekly = freeze.every === undefined ? undefined : parseWeekly(freeze.every);
  if (weekly === undefined) return [];
  return [
    {
      id: `policy:${index + 1}`,
      reason: freeze.reason,
      ...weekly,
      timeZone: freeze.time_zone ?? settings.time_zone ?? 'UTC',
      overrides: freeze.override ?? mayOverride,
      ...scopeOf(freeze),
    },
  ];
}

function scopeOf({
  services,
  environments,
}: {
  services?: string[] | undefined;
  environments?: string[] | undefined;
}): {
  services?: string[];
  environments?: string[];
} {
  return {
    ...defined({ services, environments }),
  };
}
