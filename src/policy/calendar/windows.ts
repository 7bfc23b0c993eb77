/** Deployment windows that come again each week, and when a deployment of a known length may begin in one (WN-1). */

import { DAYS, type Day } from '../../terms/hours.ts';
import { DAY, type Duration, type Instant, MINUTE } from '../../time.ts';
import { covers, type Place, type Scope } from './scope.ts';
import { instantOf, type Wall, wallOf } from './zone.ts';

export interface Window extends Scope {
  name: string;
  /** The days on which it opens. */
  days: readonly Day[];
  /** Minutes after midnight on the wall of `timeZone`; up to 1440 for the end. */
  from: number;
  /** Not after `from`: on the next day. */
  to: number;
  /** IANA. */
  timeZone: string;
  /** Days on which it does not open, `2026-12-25`. */
  closedOn?: readonly string[];
  /** Whether few people use what is deployed then; unset where nobody says. */
  lowTraffic?: boolean;
  /** Who supports a deployment then, in words. */
  support?: string;
  /** The team that opens it for its services: there, windows for every service do not count beside it. */
  team?: string;
}

/** A time in which one may begin and end; windows that touch or overlap are one opening. */
export interface Opening {
  names: readonly string[];
  from: Instant;
  to: Instant;
}

/** Weekly windows that open at all, open within this; a day that a zone skipped may cost one week. */
const HORIZON: Duration = 22 * DAY;

/** How long it is open on a day without a change of the clocks. */
export function windowLength({ from, to }: Pick<Window, 'from' | 'to'>): Duration {
  return (to > from ? to - from : to + 24 * 60 - from) * MINUTE;
}

/** The windows that say when this place may be deployed to; where there are none, it always may. */
export function windowsAt(windows: readonly Window[], place: Place): Window[] {
  const there = windows.filter((window) => covers(window, place));
  const isTeams = there.some(({ team }) => team !== undefined);
  return isTeams ? there.filter(({ services }) => services !== undefined) : there;
}

/** Every opening that has some time between two instants, whole, in order. */
export function openings(windows: readonly Window[], from: Instant, to: Instant): Opening[] {
  const all = windows.flatMap((window) => openingsOf(window, from - 2 * DAY, to + 2 * DAY));
  return joined(all.sort((a, b) => a.from - b.from)).filter(
    (opening) => opening.to > from && opening.from < to,
  );
}

/** The opening that an instant lies in. */
export function openingAt(windows: readonly Window[], at: Instant): Opening | undefined {
  return openings(windows, at, at + 1).find((opening) => opening.from <= at && at < opening.to);
}

export interface Chance {
  at: Instant;
  /** The last instant at which as long a deployment may still begin. */
  last: Instant;
  opening: Opening;
}

/**
 * The first instant, not before `from`, at which something may begin that needs so long to its end. A window's last
 * start is its end less the expected duration and the time of a rollback (WN-1): `needed` is their sum.
 */
export function nextOpen(windows: readonly Window[], from: Instant, needed: Duration): Chance | undefined {
  for (const opening of openings(windows, from, from + HORIZON)) {
    const last = Math.min(opening.to - needed, opening.to - 1);
    const at = Math.max(from, opening.from);
    if (at <= last) return { at, last, opening };
  }
  return undefined;
}

function openingsOf(window: Window, from: Instant, to: Instant): Opening[] {
  const found: Opening[] = [];
  const end = wallOf(to, window.timeZone);
  for (let day = midnight(wallOf(from, window.timeZone)); day <= end; day += DAY) {
    const opening = openingOn(window, day);
    if (opening !== undefined) found.push(opening);
  }
  return found;
}

/** By window and the midnight of its day: the same few weeks are asked for with every deployment that waits. */
const known = new WeakMap<Window, Map<Wall, Opening | undefined>>();
/** Some years of days of one window; they are found anew past that. */
const MAX_DAYS = 2_000;

function openingOn(window: Window, day: Wall): Opening | undefined {
  let days = known.get(window);
  if (days === undefined || days.size > MAX_DAYS) {
    days = new Map();
    known.set(window, days);
  }
  const before = days.get(day);
  if (before !== undefined || days.has(day)) return before;
  const opening = foundOn(window, day);
  days.set(day, opening);
  return opening;
}

function foundOn(window: Window, day: Wall): Opening | undefined {
  if (!window.days.includes(dayOf(day))) return undefined;
  if (window.closedOn?.includes(new Date(day).toISOString().slice(0, 10))) return undefined;
  const from = instantOf(day + window.from * MINUTE, window.timeZone);
  const to = instantOf(day + window.from * MINUTE + windowLength(window), window.timeZone);
  // A change of the clocks may leave nothing of it.
  return to > from ? { names: [window.name], from, to } : undefined;
}

const midnight = (wall: Wall): Wall => Math.floor(wall / DAY) * DAY;

/** 1970-01-01 was a Thursday. */
function dayOf(wall: Wall): Day {
  return DAYS[(((Math.floor(wall / DAY) + 3) % 7) + 7) % 7] ?? 'mon';
}

function joined(sorted: readonly Opening[]): Opening[] {
  const result: Opening[] = [];
  for (const opening of sorted) {
    const last = result.at(-1);
    if (last === undefined || opening.from > last.to) result.push(opening);
    else
      result[result.length - 1] = {
        names: [...new Set([...last.names, ...opening.names])],
        from: last.from,
        to: Math.max(last.to, opening.to),
      };
  }
  return result;
}
