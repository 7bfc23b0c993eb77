/** Days and hours: when a person is there, and when people may be disturbed. */

/** Monday first. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

/** Days off are not known here: on a holiday it says what it says on every other such day. */
export interface Hours {
  days: readonly Day[];
  /** Minutes after midnight. */
  from: number;
  to: number;
  /** IANA zone. */
  timeZone: string;
}

export interface Workdays {
  /** IANA zone. */
  timeZone: string;
  /** Days off besides Saturday and Sunday, as `2026-12-25` in that zone. */
  holidays: readonly string[];
  /** Hours in which people may be disturbed, `09:00` to `17:00` on business days; unset for any time. */
  hours?: { from: string; to: string };
}
