/** The calendar in sentences: windows, freezes, what services need of each other, and who may freeze and lock. */

import { duration } from '../../../views/text.ts';
import type { Freeze } from '../../policy/calendar/freezes.ts';
import type { RecurringFreeze } from '../../policy/calendar/recurring.ts';
import { scopeWords } from '../../policy/calendar/scope.ts';
import type { Window } from '../../policy/calendar/windows.ts';
import type { Policy } from '../../policy/policy.ts';
import { inZone } from '../../policy/workdays.ts';
import { DAYS, type Day } from '../../terms/hours.ts';
import { all, any, roleName } from './words.ts';

export function calendarWords(policy: Policy): string[] {
  const { windows, freezes, recurring, mayOverride, mayFreeze, mayLift, mayLock, lockFor, longestLock } =
    policy.calendar;
  const roles = (ids: readonly string[]): string =>
    ids.length === 0 ? 'nobody' : any(ids.map((id) => roleName(policy, id)));
  return [
    ...(windows.length === 0
      ? []
      : [
          `In a window the last start leaves time for the rollout and a rollback. Who may start outside it: ${roles(mayOverride)}.`,
        ]),
    ...freezes.map((freeze) => freezeWords(freeze, policy.timeZone, roles(freeze.overrides))),
    ...recurring.map(
      (freeze) =>
        `Frozen ${weeklyWords(freeze)}: ${scopeWords(freeze)}, "${freeze.reason}". Who may override it: ${roles(freeze.overrides)}.`,
    ),
    ...dependencyWords(policy),
    `Who may freeze: ${roles(mayFreeze)}; end a freeze of somebody else: ${roles(mayLift)}; override one: ${roles(mayOverride)}.`,
    `Who may lock: ${roles(mayLock)}; for ${duration(lockFor)} where nobody says, at most ${duration(longestLock)}.`,
  ];
}

/** `window Tue–Thu 10:00–16:00 Europe/Berlin` */
export function windowWords({ days, from, to, timeZone, services }: Window): string {
  const whose = services === undefined ? '' : ` for ${all(services)}`;
  return `window ${daysWords(days)} ${clock(from)}–${clock(to)} ${timeZone}${whose}`;
}

/** `Mon, Wed–Fri`; days in a row are joined from three on. */
function daysWords(days: readonly Day[]): string {
  if (days.length === DAYS.length) return 'every day';
  const runs: Day[][] = [];
  for (const day of DAYS) {
    if (!days.includes(day)) continue;
    const last = runs.at(-1);
    const before = DAYS[DAYS.indexOf(day) - 1];
    if (last !== undefined && last.at(-1) === before) last.push(day);
    else runs.push([day]);
  }
  const name = (day: Day | undefined = 'mon'): string => day.slice(0, 1).toUpperCase() + day.slice(1);
  return runs
    .map((run) => (run.length < 3 ? run.map(name).join(', ') : `${name(run[0])}–${name(run.at(-1))}`))
    .join(', ');
}

function clock(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** `every Fri 12:00 – Mon 06:00 Europe/Berlin` */
function weeklyWords({ day, from, last, to, timeZone }: RecurringFreeze): string {
  const end = day === last ? clock(to) : `${daysWords([last])} ${clock(to)}`;
  return `every ${daysWords([day])} ${clock(from)} – ${end} ${timeZone}`;
}

function freezeWords(freeze: Freeze, timeZone: string, overrides: string): string {
  const { reason, from, until } = freeze;
  return `Frozen from ${inZone(from, { timeZone })} to ${inZone(until, { timeZone })}: ${scopeWords(freeze)}, "${reason}". Who may override it: ${overrides}.`;
}

function dependencyWords({ services }: Policy): string[] {
  return [...services.values()].flatMap(({ name, dependsOn }) =>
    dependsOn.length === 0
      ? []
      : [`${name} needs ${all(dependsOn)}: it waits while traffic moves there, and they wait for it.`],
  );
}
