/** A form names what each of its fields began from: none of them puts back what somebody else changed meanwhile (CH-7). */

import { createHash } from 'node:crypto';

/** What each field holds, by its name, as text that is only compared. */
export type FormValues = Readonly<Record<string, string>>;

/** Short, so that a form carries them all: eight characters a field. */
export function beganFrom(values: FormValues): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, short(value)]));
}

/** Where the form holds another value than is there now, and somebody changed it since the form was opened. */
export function lostUpdates(began: FormValues, form: FormValues, now: FormValues): string[] {
  return Object.keys(now).filter(
    (field) => short(now[field] ?? '') !== began[field] && now[field] !== form[field],
  );
}

export const short = (value: string): string => createHash('sha256').update(value).digest('hex').slice(0, 8);
