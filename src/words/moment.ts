/** Instants in words, for every command: "at 14:00", "tomorrow 9am", "04.01.2027", "in 35 minutes". */

// English alone: the other languages cost memory, and are not asked for.
import * as chrono from 'chrono-node/en';
import { DateTime, IANAZone } from 'luxon';
import { instantOf, wallOf } from '../policy/calendar/zone.ts';
import { DAY, HOUR, type Instant } from '../time.ts';
import { withIsoDays } from './day.ts';
import { MAX_TIME_LENGTH, readSpan } from './span.ts';
import { withoutCourtesies } from './word.ts';

/** Who asks, and when: `zone` is IANA. `after` is the beginning of what should end. */
export interface Asked {
  zone: string;
  now: Instant;
  after?: Instant;
}

export type ReadMoment =
  | {
      ok: true;
      at: Instant;
      /** Set where a day and no hour was named: its first minute is `at`, and this is where it ends. */
      dayEnds?: Instant;
      /** What a person would not expect of it. */
      note?: string;
    }
  /** What is not understood, for a person. */
  | { ok: false; problem: string };

const SMALL_WORDS = /\b(?:at|on|the|by|around|sharp|o'clock|uhr|of)\b|[\s,.!]+/gi;
const VAGUE = /\b(?:morning|afternoon|evening|tonight|night|lunch(?:time)?|eod|cob|end of day)\b/i;
const HOUR_SAID = /\d\s*(?:am|pm|h)\b|\d:\d\d|\bat \d/i;
const PAST = /\b(?:last|yesterday|ago|previous)\b/i;
const MORE_THAN_A_DAY =
  /^(?:the\s+)?(?:next|this|coming|following)?\s*(?:week|weekend|month|quarter|year)s?$/i;
/** Several zones are called so. */
const TWO_ZONES = /\b(?:IST|CST|BST|AST|GST|SST)\b/;
const ZONE_NAME = /\b(?:[A-Z][A-Za-z]+\/[A-Za-z_]+(?:\/[A-Za-z_]+)?|UTC|GMT)\b(?![+-]\d)/;

const not = (problem: string): ReadMoment => ({ ok: false, problem });

export function readMoment(said: string, asked: Asked): ReadMoment {
  if (said.length > MAX_TIME_LENGTH)
    return not(
      `"${said.slice(0, 40)}…" is too long to be a time: at most ${MAX_TIME_LENGTH} characters are read.`,
    );
  const text = withoutCourtesies(said).replace(/^["'“”‘’]+|["'“”‘’?!,]+$/g, '');
  const span = readSpan(/^in\s+(.+)$/i.exec(text)?.[1] ?? /^(.+)\s+from now$/i.exec(text)?.[1] ?? '');
  if (span !== undefined) return { ok: true, at: asked.now + span };
  if (readSpan(text) !== undefined)
    return not(`"${text}" says how long, and not when: write in ${text}, or a time such as 14:00.`);
  if (PAST.test(text)) return not(`"${text}" is over.`);
  if (MORE_THAN_A_DAY.test(text)) return not(`"${text}" is more than one day: say which.`);
  if (TWO_ZONES.test(text))
    return not(
      `${TWO_ZONES.exec(text)?.[0]} is the name of several zones: write one such as Europe/London, or +05:30.`,
    );
  const named = ZONE_NAME.exec(text)?.[0];
  if (named !== undefined && !IANAZone.isValidZone(named)) return not(`There is no time zone ${named}.`);
  const zone = named ?? asked.zone;
  const days = withIsoDays(named === undefined ? text : text.replace(named, ' '), zone, asked.now);
  if ('problem' in days) return not(days.problem);
  if (VAGUE.test(days.text) && !HOUR_SAID.test(days.text))
    return not(`"${text}" names no hour: say one, such as 9:00.`);
  return found(text, midnights(days.text), { ...asked, zone });
}

/** Words for hours that a clock does not need. */
const midnights = (text: string): string => text.replace(/\b(?:noon|midday)\b/gi, '12:00');

function found(said: string, text: string, { zone, now, after }: Asked): ReadMoment {
  const isFromToday = /\b(?:today|tonight|tomorrow|yesterday|now|ago)\b/i.test(text);
  const from = after === undefined || isFromToday ? now : Math.max(after, now);
  const offset = DateTime.fromMillis(from, { zone }).offset;
  const [result, ...others] = chrono.parse(
    text,
    { instant: new Date(from), timezone: offset },
    { forwardDate: true },
  );
  if (result === undefined) return not(`"${said}" is not understood as a time.`);
  if (others.length > 0 || (result.end !== null && result.end !== undefined))
    return not(`"${said}" names more than one time.`);
  const { index, start } = result;
  const left = `${text.slice(0, index)} ${text.slice(index + result.text.length)}`;
  if (left.replace(SMALL_WORDS, '') !== '')
    return not(`"${left.replace(/\s+/g, ' ').trim()}" in "${said}" is not understood.`);
  if (start.isCertain('timezoneOffset')) return { ok: true, at: start.date().getTime() };
  const get = (part: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'): number => start.get(part) ?? 0;
  const day = DateTime.fromObject(
    { year: get('year'), month: get('month'), day: get('day') },
    { zone: 'UTC' },
  );
  if (!day.isValid) return not(`"${said}" names a day that there is not.`);
  const weekday = start.isCertain('weekday') ? start.get('weekday') : null;
  if (weekday !== null && weekday !== day.weekday % 7)
    return not(`"${said}" contradicts itself: ${day.toFormat('d LLLL yyyy')} is a ${day.toFormat('cccc')}.`);
  const midnight = day.toMillis();
  if (!start.isCertain('hour'))
    return { ok: true, at: instantOf(midnight, zone), dayEnds: instantOf(midnight + DAY, zone) };
  const wall = midnight + ((get('hour') * 60 + get('minute')) * 60 + get('second')) * 1_000;
  return onTheClock(wall, zone);
}

/** A clock shows some times twice, and skips others: which one is meant is said. */
function onTheClock(wall: number, zone: string): ReadMoment {
  const at = instantOf(wall, zone);
  const shown = (instant: Instant): string =>
    DateTime.fromMillis(instant, { zone, locale: 'en' }).toFormat("d LLL HH:mm ('UTC'ZZ)");
  if (wallOf(at, zone) !== wall)
    return {
      ok: true,
      at,
      note: `The clocks skip ${DateTime.fromMillis(wall, { zone: 'UTC' }).toFormat('HH:mm')} that day: ${shown(at)} is meant.`,
    };
  const again = [HOUR / 2, HOUR].map((later) => at + later).find((later) => wallOf(later, zone) === wall);
  return again === undefined
    ? { ok: true, at }
    : {
        ok: true,
        at,
        note: `The clocks show that time twice: the first is meant, ${shown(at)}, and not ${shown(again)}.`,
      };
}

/** Whether it says that nothing is to be waited for. */
export function isAtOnce(text: string): boolean {
  return /^(?:now|right now|asap|(?:as )?soon as (?:it is )?(?:possible|ready)|at once|immediately|please)?[.!]*$/i.test(
    text.trim(),
  );
}
