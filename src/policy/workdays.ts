/** Business days and working hours, in a team's zone and without its holidays. */

import { DateTime } from 'luxon';
import type { Workdays } from '../terms/hours.ts';
import type { Instant } from '../time.ts';

/** The longest run of days off that is believed: past it the calendar itself is wrong. */
const MAX_DAYS_OFF = 60;

/**
 * The instant so many business days later, at the same time of day; a beginning on a day off counts from the next
 * business day's midnight.
 */
export function afterBusinessDays(from: Instant, days: number, workdays: Workdays): Instant {
  if (days <= 0) return from;
  let day: DateTime = DateTime.fromMillis(from, { zone: workdays.timeZone });
  if (!isBusinessDay(day, workdays)) day = nextBusinessDay(day, workdays).startOf('day');
  for (let count = 0; count < days; count += 1) day = nextBusinessDay(day, workdays);
  return day.toMillis();
}

/** What was worked out last for each calendar, which many deployments share: each asks the same at every step, and zones are slow. */
const workedOut = new WeakMap<Workdays, Map<Instant, Instant>>();
const MAX_WORKED_OUT = 1_000;

/** The instant itself where people work then, else when they next begin. */
export function nextWorkingMoment(at: Instant, workdays: Workdays): Instant {
  if (workdays.hours === undefined) return at;
  const known = workedOut.get(workdays) ?? new Map<Instant, Instant>();
  const moment = known.get(at) ?? workOut(at, workdays, workdays.hours);
  if (known.size >= MAX_WORKED_OUT) known.clear();
  workedOut.set(workdays, known.set(at, moment));
  return moment;
}

function workOut(at: Instant, workdays: Workdays, hours: { from: string; to: string }): Instant {
  const moment = DateTime.fromMillis(at, { zone: workdays.timeZone });
  const begins = (day: DateTime): Instant => timeOn(day, hours.from).toMillis();
  if (!isBusinessDay(moment, workdays) || at >= timeOn(moment, hours.to).toMillis()) {
    return begins(nextBusinessDay(moment, workdays));
  }
  return Math.max(at, begins(moment));
}

/** `Mon 12 Jan 2026, 10:30 (Europe/Berlin)`: for sentences that are read where Slack draws no dates. */
export function inZone(at: Instant, { timeZone }: Pick<Workdays, 'timeZone'>): string {
  const local = DateTime.fromMillis(at, { zone: timeZone, locale: 'en-GB' });
  return `${local.toFormat('ccc d LLL yyyy, HH:mm')} (${timeZone})`;
}

function isBusinessDay(day: DateTime, { holidays }: Workdays): boolean {
  return day.weekday <= 5 && !holidays.includes(day.toISODate() ?? '');
}

function nextBusinessDay(day: DateTime, workdays: Workdays): DateTime {
  for (let ahead = 1; ahead <= MAX_DAYS_OFF; ahead += 1) {
    const next = day.plus({ days: ahead });
    if (isBusinessDay(next, workdays)) return next;
  }
  return day.plus({ days: 1 });
}

function timeOn(day: DateTime, clock: string): DateTime {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return day.startOf('day').set({ hour, minute });
}
