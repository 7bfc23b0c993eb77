/** When a person is there: "Mon–Fri 09:00–17:00" or "24 h", on the wall of their zone (WN-5). */

import { DAYS, type Day, type Hours } from '../terms/hours.ts';
import type { Instant } from '../time.ts';
import { openingAt } from './calendar/windows.ts';

/** What `parseHours` reads, for whoever wrote something else. */
export const HOURS_FORM = '"Mon–Fri 09:00–17:00", "Mon, Wed 09:00–12:00", "daily 08:00–20:00" or "24 h"';

const ALWAYS = /^24\s?(h|hours|\/\s?7)$/i;
const SPAN = /^(.+?)\s+(\d{2}:\d{2})\s*[-–—]\s*(\d{2}:\d{2})$/;
const WHOLE_DAY = 24 * 60;

/** Undefined where it cannot be read. An end that is not after the beginning is on the next day. */
export function parseHours(text: string, timeZone: string): Hours | undefined {
  const words = text.trim();
  if (ALWAYS.test(words)) return { days: DAYS, from: 0, to: WHOLE_DAY, timeZone };
  const [, named = '', opens = '', closes = ''] = SPAN.exec(words) ?? [];
  const days = daysOf(named);
  const from = minutesOf(opens);
  const to = minutesOf(closes);
  if (days === undefined || from === undefined || to === undefined) return undefined;
  return from === to || from === WHOLE_DAY ? undefined : { days, from, to, timeZone };
}

export function isWithin(hours: Hours, at: Instant): boolean {
  return openingAt([{ ...hours, name: '' }], at) !== undefined;
}

/** `Mon–Fri`, `Sat, Sun`, `Fri–Mon`, `daily`; Monday first, whatever the order was. */
function daysOf(text: string): Day[] | undefined {
  if (/^(daily|every day)$/i.test(text)) return [...DAYS];
  const named = new Set<Day>();
  for (const part of text.split(',')) {
    const ends = part
      .trim()
      .split(/\s*[-–—]\s*/)
      .map(dayOf);
    const [first, last = first] = ends;
    if (ends.length > 2 || first === undefined || ends.includes(undefined)) return undefined;
    if (last === undefined) return undefined;
    for (const day of between(first, last)) named.add(day);
  }
  return DAYS.filter((day) => named.has(day));
}

function dayOf(word: string): Day | undefined {
  return DAYS.find((day) => day === word.toLowerCase());
}

function between(first: Day, last: Day): Day[] {
  const from = DAYS.indexOf(first);
  const count = ((DAYS.indexOf(last) - from + DAYS.length) % DAYS.length) + 1;
  return [...DAYS, ...DAYS].slice(from, from + count);
}

function minutesOf(text: string): number | undefined {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(':').map(Number);
  const total = hours * 60 + minutes;
  return minutes < 60 && total <= WHOLE_DAY ? total : undefined;
}
