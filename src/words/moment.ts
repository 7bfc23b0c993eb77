/** Instants in words: "at 14:00", "tomorrow 9am", "in 35 minutes". */

// English alone: the other languages cost memory, and are not asked for.
import * as chrono from 'chrono-node/en';
import { DateTime } from 'luxon';
import type { Instant } from '../time.ts';
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

/** Whether it says that nothing is to be waited for. */
export function isAtOnce(text: string): boolean {
  return /^(?:now|asap|(?:as )?soon as (?:it is )?(?:possible|ready)|at once|immediately|right now)?[.!]*$/i.test(
    text.trim(),
  );
}
