/** Freezes that come again each week: over the weekend, or every night before a release (WN-3). */

import { DAYS, type Day } from '../../terms/hours.ts';
import { DAY, type Duration, type Instant, MINUTE } from '../../time.ts';
import type { Freeze } from './freezes.ts';
import { instantOf, type Wall, wallOf } from './zone.ts';

export const WEEKLY_FORM = '"every Friday 12:00 – Monday 06:00" or "every Sunday 22:00 – 23:30"';

/** On the wall of a zone; `from` and `to` are minutes after midnight, and it is less than a week long. */
export interface Weekly {
  day: Day;
  from: number;
  /** The same day where it ends after it begins, and no day is named; else up to six days later. */
  last: Day;
  to: number;
}

export interface RecurringFreeze extends Omit<Freeze, 'from' | 'until'>, Weekly {
  /** IANA. */
  timeZone: string;
}

const WEEKLY =
  /^(?:every\s+)?([a-z]+)\s+(\d{1,2}):(\d{2})\s*(?:–|—|-|to|until)\s*(?:([a-z]+)\s+)?(\d{1,2}):(\d{2})$/i;

/** Undefined for what is not written like `WEEKLY_FORM`, or would never end or never begin. */
export function parseWeekly(text: string): Weekly | undefined {
  const [, first = '', fromHour, fromMinute, second, toHour, toMinute] = WEEKLY.exec(text.trim()) ?? [];
  const day = dayOf(first);
  const last = second === undefined ? day : dayOf(second);
  const from = minutes(fromHour, fromMinute);
  const to = minutes(toHour, toMinute);
  if (day === undefined || last === undefined || from === undefined || to === undefined) return undefined;
  const weekly = { day, from, last, to };
  return day === last && to <= from ? undefined : weekly;
}

/** How long it is in a week without a change of the clocks. */
export function weeklyLength({ day, from, last, to }: Weekly): Duration {
  const days = (DAYS.indexOf(last) - DAYS.indexOf(day) + DAYS.length) % DAYS.length;
  return days * DAY + (to - from) * MINUTE;
}

/** Each freeze of the file that has not ended, as far ahead as is asked: those that recur once for every week. */
export function plannedFreezes(
  { freezes, recurring }: { freezes: readonly Freeze[]; recurring: readonly RecurringFreeze[] },
  now: Instant,
  until: Instant,
): Freeze[] {
  return [
    ...freezes.filter((freeze) => freeze.until > now),
    ...recurring.flatMap((one) => timesOf(one, now, until)),
  ];
}

function timesOf(one: RecurringFreeze, now: Instant, until: Instant): Freeze[] {
  const { day, from: start, last: _last, to: _to, timeZone, id, ...rest } = one;
  const found: Freeze[] = [];
  const length = weeklyLength(one);
  const end = wallOf(until, timeZone);
  for (let midnight = firstOf(day, wallOf(now, timeZone) - 7 * DAY); midnight <= end; midnight += 7 * DAY) {
    const begins = midnight + start * MINUTE;
    const from = instantOf(begins, timeZone);
    const over = instantOf(begins + length, timeZone);
    if (over > now && from < until)
      found.push({
        ...rest,
        id: `${id}@${new Date(midnight).toISOString().slice(0, 10)}`,
        from,
        until: over,
      });
  }
  return found;
}

/** The first midnight of such a day that is not before the day of this one; 1970-01-01 was a Thursday. */
function firstOf(day: Day, wall: Wall): Wall {
  const midnight = Math.floor(wall / DAY);
  const ahead = (((DAYS.indexOf(day) - midnight - 3) % 7) + 7) % 7;
  return (midnight + ahead) * DAY;
}

/** `Friday`, `fri`, `Fri`. */
function dayOf(word: string): Day | undefined {
  const written = word.toLowerCase();
  const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const at =
    written.length < 3 ? -1 : names.findIndex((name) => name === written || name.slice(0, 3) === written);
  return DAYS[at];
}

function minutes(hours = '', rest = ''): number | undefined {
  const total = Number(hours) * 60 + Number(rest);
  return hours === '' || Number(rest) > 59 || total > 24 * 60 ? undefined : total;
}
