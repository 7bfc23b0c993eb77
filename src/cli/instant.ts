/** A day or an instant, as somebody names it on the command line. */

import { DateTime } from 'luxon';
import type { Instant } from '../time.ts';
import { complain } from './command.ts';

/** In ISO 8601; in UTC where it names no zone. What is wrong with it is said here. */
export function readInstant(option: string, text: string | undefined): Instant | undefined | 'wrong' {
  if (text === undefined) return undefined;
  const at = DateTime.fromISO(text, { zone: 'utc' });
  if (at.isValid) return at.toMillis();
  complain(`${option} takes a day or an instant, 2026-01-31 or 2026-01-31T18:00:00Z, not "${text}".`);
  return 'wrong';
}
