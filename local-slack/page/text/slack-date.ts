/** Slack's date tokens (`{date_short_pretty}`, `{time}`, …) for one reader's time zone. */
import { DateTime } from 'luxon';

type Written = (at: DateTime, now: DateTime) => string;

function ordinal(day: number): string {
  const teen = day % 100 >= 11 && day % 100 <= 13;
  const suffix = teen ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[day % 10] ?? 'th');
  return `${day}${suffix}`;
}

function near(at: DateTime, now: DateTime): string | undefined {
  const days = Math.round(at.startOf('day').diff(now.startOf('day'), 'days').days);
  return { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' }[days];
}

const withoutYear: Written = (at) => `${at.toFormat('LLLL')} ${ordinal(at.day)}`;
const short: Written = (at) => at.toFormat('LLL d, yyyy');
const long: Written = (at) => `${at.toFormat('cccc, LLLL')} ${ordinal(at.day)}, ${at.year}`;

/** "3 minutes ago" or "in 2 hours": the largest unit that is at least one. */
const ago: Written = (at, now) => {
  const seconds = at.diff(now, 'seconds').seconds;
  const size = Math.abs(seconds);
  const [unit, per]: [string, number] =
    size < 60
      ? ['second', 1]
      : size < 3600
        ? ['minute', 60]
        : size < 86_400
          ? ['hour', 3600]
          : ['day', 86_400];
  const count = Math.floor(size / per);
  const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return seconds > 0 ? `in ${words}` : `${words} ago`;
};

const TOKENS: Record<string, Written> = {
  date_num: (at) => at.toFormat('yyyy-MM-dd'),
  date_slash: (at) => at.toFormat('dd/MM/yyyy'),
  date: (at, now) => (at.year === now.year ? withoutYear(at, now) : `${withoutYear(at, now)}, ${at.year}`),
  date_short: short,
  date_long: long,
  date_long_full: (at) => at.toFormat('LLLL d, yyyy'),
  date_pretty: (at, now) => near(at, now) ?? TOKENS.date?.(at, now) ?? '',
  date_short_pretty: (at, now) => near(at, now) ?? short(at, now),
  date_long_pretty: (at, now) => near(at, now) ?? long(at, now),
  day_divider_pretty: (at, now) =>
    near(at, now) ??
    (at.year === now.year ? `${at.toFormat('cccc')}, ${withoutYear(at, now)}` : long(at, now)),
  time: (at) => at.toFormat('HH:mm'),
  time_secs: (at) => at.toFormat('HH:mm:ss'),
  ago,
};

/**
 * A date template filled in for a zone (IANA name); instants are in milliseconds.
 * As on Slack, a template that opens with a word such as "today" is capitalised, and one with an unknown token,
 * or without any, is not a date: the answer is undefined and the fallback is what a reader sees.
 */
export function slackDate(template: string, atMs: number, zone: string, nowMs: number): string | undefined {
  const at = DateTime.fromMillis(atMs, { zone, locale: 'en-GB' });
  if (!at.isValid) return undefined;
  const now = DateTime.fromMillis(nowMs, { zone, locale: 'en-GB' });
  let known = /\{\w+\}/.test(template);
  const filled = template.replace(/\{(\w+)\}/g, (_token, name: string) => {
    const write = TOKENS[name];
    if (write === undefined) known = false;
    return write?.(at, now) ?? '';
  });
  if (!known) return undefined;
  return filled.charAt(0).toUpperCase() + filled.slice(1);
}

/** Whole seconds since 1970 of a wall-clock `2026-11-20T14:00` in a zone. */
export function secondsOf(wallClock: string, zone: string): number | undefined {
  const at = DateTime.fromISO(wallClock, { zone });
  return at.isValid ? Math.floor(at.toSeconds()) : undefined;
}

/** The wall clock of an instant in a zone, as a `datetime-local` input takes it. */
export function wallClockOf(seconds: number, zone: string): string {
  return DateTime.fromSeconds(seconds, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
}

/** The local time of a zone now, and how far it is from UTC: `14:05`, `UTC+1`. */
export function zoneNow(zone: string, nowMs: number): { time: string; offset: string } {
  const at = DateTime.fromMillis(nowMs, { zone });
  return {
    time: at.isValid ? at.toFormat('HH:mm') : '',
    offset: at.isValid ? `UTC${at.toFormat('Z')}` : zone,
  };
}
