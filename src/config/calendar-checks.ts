/** What a schema cannot see about times: zones, names, windows too short for anything, and circles of dependencies. */

import { parseWeekly, WEEKLY_FORM } from '../policy/calendar/recurring.ts';
import { windowLength } from '../policy/calendar/windows.ts';
import { isZone } from '../policy/calendar/zone.ts';
import { plannedDuration } from '../terms/plan.ts';
import { HOUR, MINUTE } from '../time.ts';
import { atOf, planAheadOf, windowOf } from './build-calendar.ts';
import { planOf } from './build-rollout.ts';
import { parseDuration } from './durations.ts';
import type { Settings } from './merge.ts';
import { show, unknownWord } from './problems.ts';
import type { Path } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;

export function checkCalendar(settings: Settings, report: Report): void {
  checkWindows(settings, report);
  checkFreezes(settings, report);
  checkOverlaps(settings, report);
  checkRights(settings, report);
  checkDependencies(settings, report);
}

function checkWindows(settings: Settings, report: Report): void {
  settings.windows?.forEach((window, index) => {
    const path = ['windows', index];
    checkScope(path, window, settings, report);
    if (!checkZone(path, window.time_zone, report)) return;
    if (window.from === window.to)
      report(
        [...path, 'to'],
        `${window.from} to ${window.to}`,
        'an end other than its beginning: it never opens',
      );
    else checkLength(path, window, settings, report);
  });
}

/** At least one strategy must fit with its rollback: else the window never lets anything start (WN-1). */
function checkLength(
  path: Path,
  window: NonNullable<Settings['windows']>[number],
  settings: Settings,
  report: Report,
): void {
  const rollback = parseDuration(settings.safeguards?.rollback_within ?? '0s');
  const shortest = Object.entries(settings.strategies ?? {})
    .map(([id, strategy]) => ({ id, takes: plannedDuration(planOf(id, strategy)) }))
    .sort((a, b) => a.takes - b.takes)[0];
  if (shortest === undefined) return;
  const length = windowLength(windowOf(window, settings));
  if (length >= shortest.takes + rollback) return;
  report(
    path,
    `${written(length)} from ${window.from} to ${window.to}`,
    `at least ${written(shortest.takes + rollback)}: the shortest strategy, ${shortest.id}, takes ${written(shortest.takes)}, and a rollback ${written(rollback)}`,
  );
}

function checkFreezes(settings: Settings, report: Report): void {
  settings.freezes?.forEach((freeze, index) => {
    const path = ['freezes', index];
    checkScope(path, freeze, settings, report);
    if (!checkZone(path, freeze.time_zone, report)) return;
    checkSpan(path, freeze, settings, report);
    freeze.override?.forEach((role, position) => {
      checkRole([...path, 'override', position], role, settings, report);
    });
  });
}

function checkSpan(
  path: Path,
  { from, to, every }: NonNullable<Settings['freezes']>[number],
  settings: Settings,
  report: Report,
): void {
  if (every !== undefined) {
    if (from !== undefined || to !== undefined)
      report([...path, 'every'], 'every beside from and to', 'one of them: every, or from and to');
    else if (parseWeekly(every) === undefined) report([...path, 'every'], show(every), WEEKLY_FORM);
  } else if (from === undefined || to === undefined)
    report(path, `no ${from === undefined ? 'from' : 'to'}`, `from and to, or every: ${WEEKLY_FORM}`);
  else checkDates(path, { from, to }, settings, report);
}

function checkDates(
  path: Path,
  { from, to }: { from: string; to: string },
  settings: Settings,
  report: Report,
): void {
  const wrong = Object.entries({ from, to }).find(([, day]) => Number.isNaN(atOf(day, 'UTC')));
  if (wrong !== undefined) {
    report([...path, wrong[0]], show(wrong[1]), 'a day that exists');
    return;
  }
  const length = atOf(to, 'UTC') - atOf(from, 'UTC');
  if (length <= 0) report([...path, 'to'], `${from} to ${to}`, 'an end after the beginning');
  const longest = planAheadOf(settings);
  if (length > longest)
    report([...path, 'to'], `${from} to ${to}`, `at most ${written(longest)} (calendar.plan_ahead)`);
}

/** Two freezes at one time in one place: it would be open to doubt who may override it, and when it ends. */
function checkOverlaps({ freezes = [], time_zone: team = 'UTC' }: Settings, report: Report): void {
  const standing = freezes.map(({ from, to, time_zone: own = team }) =>
    isZone(own) && from !== undefined && to !== undefined
      ? { from: atOf(from, own), until: atOf(to, own) }
      : undefined,
  );
  freezes.forEach((freeze, index) => {
    const mine = standing[index];
    const other = freezes.findIndex((before, position) => {
      const theirs = standing[position];
      if (position >= index || mine === undefined || theirs === undefined) return false;
      return mine.from < theirs.until && theirs.from < mine.until && scopesMeet(freeze, before);
    });
    if (other >= 0)
      report(
        ['freezes', index],
        `${freeze.from} to ${freeze.to}, in which freezes[${other}] (${show(freezes[other]?.reason)}) stands as well`,
        'times or places that no other freeze has: make one of the two',
      );
  });
}

type Scope = Parameters<typeof checkScope>[1];

function scopesMeet(a: Scope, b: Scope): boolean {
  return (['services', 'environments'] as const).every((key) => {
    const mine = a[key];
    return mine === undefined || b[key] === undefined || mine.some((name) => b[key]?.includes(name));
  });
}

function checkRights({ calendar = {}, ...settings }: Settings, report: Report): void {
  for (const key of ['freeze', 'lift', 'override', 'lock'] as const) {
    calendar[key]?.forEach((role, index) => {
      if (role !== 'any_role') checkRole(['calendar', key, index], role, settings, report);
    });
  }
  for (const key of ['lock_for', 'longest_lock'] as const) {
    const value = calendar[key];
    if (value !== undefined && parseDuration(value) === 0)
      report(['calendar', key], show(value), 'a duration over 0');
  }
}

function checkRole(path: Path, id: string, { roles }: Pick<Settings, 'roles'>, report: Report): void {
  const known = Object.keys(roles);
  if (!known.includes(id)) report(path, show(id), unknownWord(id, known));
}

function checkScope(
  path: Path,
  scope: { services?: string[] | undefined; environments?: string[] | undefined },
  settings: Settings,
  report: Report,
): void {
  for (const key of ['services', 'environments'] as const) {
    const known = Object.keys(settings[key]);
    scope[key]?.forEach((name, index) => {
      if (!known.includes(name)) report([...path, key, index], show(name), unknownWord(name, known));
    });
  }
}

function checkZone(path: Path, zone: string | undefined, report: Report): boolean {
  if (zone === undefined || isZone(zone)) return true;
  report([...path, 'time_zone'], show(zone), 'an IANA time zone such as "Europe/Berlin"');
  return false;
}

function checkDependencies({ services }: Settings, report: Report): void {
  const known = Object.keys(services);
  const needs = (name: string): string[] =>
    (Object.hasOwn(services, name) ? services[name]?.depends_on : undefined) ?? [];
  for (const name of known) {
    needs(name).forEach((other, index) => {
      const path = ['services', name, 'depends_on', index];
      if (!known.includes(other)) report(path, show(other), unknownWord(other, known));
      else {
        const circle = wayTo(other, name, needs);
        if (circle !== undefined)
          report(
            path,
            [name, ...circle].join(' → '),
            'dependencies that never lead back to where they began',
          );
      }
    });
  }
}

/** The names from one service to another along its dependencies, both included. */
function wayTo(from: string, to: string, needs: (name: string) => string[]): string[] | undefined {
  const ways: string[][] = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const last = way.at(-1) ?? from;
    if (last === to) return way;
    for (const next of needs(last)) {
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

/** `3h 45m` */
function written(time: number): string {
  const hours = Math.floor(time / HOUR);
  const minutes = Math.round((time % HOUR) / MINUTE);
  return [hours === 0 ? '' : `${hours}h`, minutes === 0 && hours > 0 ? '' : `${minutes}m`]
    .filter(Boolean)
    .join(' ');
}
