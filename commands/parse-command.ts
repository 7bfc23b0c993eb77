/** What a person typed after `/deploy`: words for the schedule modal, in the order people say them. */

// English alone: the other languages cost memory, and are not asked for.
import * as chrono from 'chrono-node/en';
import { DateTime } from 'luxon';
import type { Instant } from '../src/time.ts';

export interface Wanted {
  service?: string;
  version?: string;
  environment?: string;
  /** When it should start; unset for "as soon as it is ready". */
  at?: Instant;
  /** Words that were understood as nothing. */
  leftover?: string;
}

const VERSION = /^v?\d+\.\d+\.\d+\S*$/i;
const ENVIRONMENT = /^(?:to|into|in)\s+([a-z][\w-]*)/i;

/**
 * Reads `checkout v2.1.0 to production at 14:00`. Times are read in the person's zone (`zone`, IANA) and, where they
 * name no day, mean the next time it is so late.
 */
export function parseWanted(text: string, zone: string, now: Instant): Wanted {
  const wanted: Wanted = {};
  let rest = text.trim();
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest);
    if (match) rest = rest.slice(match[0].length).trim();
    return match;
  };
  const service = take(/^\S+/)?.[0];
  if (service) wanted.service = service;
  const version = VERSION.test(rest.split(/\s+/, 1)[0] ?? '') ? take(/^\S+/)?.[0] : undefined;
  if (version) wanted.version = /^v/i.test(version) ? version.toLowerCase() : `v${version}`;
  const environment = take(ENVIRONMENT)?.[1];
  if (environment) wanted.environment = environment.toLowerCase();
  if (rest === '' || /^(now|as soon as possible|asap)$/i.test(rest)) return wanted;
  const at = readTime(rest, zone, now);
  return at === undefined ? { ...wanted, leftover: rest } : { ...wanted, at };
}

/** An instant from words such as "at 14:00", "tomorrow 9am", "in 35 minutes"; undefined where they name none. */
export function readTime(text: string, zone: string, now: Instant): Instant | undefined {
  const offset = DateTime.fromMillis(now, { zone }).offset;
  const [found] = chrono.parse(text, { instant: new Date(now), timezone: offset }, { forwardDate: true });
  if (found === undefined || found.text.length < text.trim().length - 3) return undefined;
  const { start } = found;
  if (start.isCertain('timezoneOffset')) return start.date().getTime();
  // The zone's offset on that day, which is not today's where the clocks change in between.
  const local = DateTime.fromObject(
    {
      year: start.get('year') ?? undefined,
      month: start.get('month') ?? undefined,
      day: start.get('day') ?? undefined,
      hour: start.get('hour') ?? 0,
      minute: start.get('minute') ?? 0,
      second: start.get('second') ?? 0,
    },
    { zone },
  );
  return local.isValid ? local.toMillis() : undefined;
}
