/** Days written in figures, each as `2027-01-04`: day first where the zone writes so, and asked about where both readings may be meant. */

import { DateTime } from 'luxon';
import type { Instant } from '../time.ts';

/** `problem` says what is not understood, for a person. */
export type ReadDays = { text: string } | { problem: string };

const FIGURES = /(?<![\w./-])(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(\.)?(?![\d/])/g;

/** Zones whose people write the day first; the Americas and eastern Asia write it in several ways. */
const DAY_FIRST =
  /^(?:Europe|Africa|Australia|Atlantic|Indian)\/|^America\/(?:Argentina|Sao_Paulo|Bogota|Lima|Santiago|Mexico_City|Montevideo|Caracas)|^Asia\/(?:Kolkata|Calcutta|Dubai|Singapore|Jakarta|Bangkok|Karachi|Dhaka|Jerusalem|Riyadh|Ho_Chi_Minh|Kuala_Lumpur)$|^Pacific\/Auckland$/;

export function withIsoDays(text: string, zone: string, now: Instant): ReadDays {
  let problem: string | undefined;
  const done = text.replace(
    FIGURES,
    (said, a: string, mark: string, b: string, year?: string, dot?: string) => {
      // 9.30 is a time; without a year and its last dot, so may be 4.10.
      if (mark === '.' && year === undefined && dot === undefined) {
        if (Number(b) > 12 || Number(b) === 0) return `${a}:${b}`;
        problem ??= `"${said}" may be a day or a time: write ${a.padStart(2, '0')}:${b.padStart(2, '0')}, or a day such as ${a}.${b}.`;
        return said;
      }
      if (mark === '-' && year === undefined) return said;
      const dayFirst = dayOf(Number(a), Number(b), year, zone, now);
      const monthFirst = mark === '.' ? undefined : dayOf(Number(b), Number(a), year, zone, now);
      const isClear = monthFirst === undefined || dayFirst === monthFirst || DAY_FIRST.test(zone);
      const meant = isClear ? (dayFirst ?? monthFirst) : dayFirst === undefined ? monthFirst : undefined;
      if (meant === undefined)
        problem ??=
          dayFirst === undefined
            ? `"${said}" is no day that there is.`
            : `"${said}" may be ${inWords(dayFirst)} or ${inWords(monthFirst)}: write ${dayFirst} or ${monthFirst}.`;
      return meant ?? said;
    },
  );
  return problem === undefined ? { text: done } : { problem };
}

/** Without a year, the next time that it is this day. */
function dayOf(
  day: number,
  month: number,
  year: string | undefined,
  zone: string,
  now: Instant,
): string | undefined {
  const today = DateTime.fromMillis(now, { zone }).startOf('day');
  const first = year === undefined ? today.year : Number(year.padStart(4, '20'));
  const found = [first, ...(year === undefined ? [first + 1] : [])]
    .map((one) => DateTime.fromObject({ year: one, month, day }, { zone }))
    .find((one) => one.isValid && (year !== undefined || one >= today));
  return found?.toISODate() ?? undefined;
}

const inWords = (iso: string | undefined): string =>
  iso === undefined ? '' : DateTime.fromISO(iso, { zone: 'UTC', locale: 'en' }).toFormat('d LLLL yyyy');
