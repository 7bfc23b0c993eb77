/** What is known of a time somebody would start at: its window, who is there, who else is on the way then (WN-1). */

import { conflictsAt } from '../src/conductor/calendar.ts';
import type { Candidate } from '../src/policy/calendar/blockers.ts';
import { type Criteria, criteriaAt } from '../src/policy/calendar/criteria.ts';
import { windowsAt } from '../src/policy/calendar/windows.ts';
import type { Contact } from '../src/terms/contacts.ts';
import type { Instant } from '../src/time.ts';
import type { CommandContext } from './context.ts';

/** Undefined for a place without windows. */
export async function criteriaFor(
  context: CommandContext,
  at: Instant,
  candidate: Pick<Candidate, 'service' | 'environment' | 'needed'>,
  contacts: readonly Contact[],
  id?: string,
): Promise<Criteria | undefined> {
  const { windows } = context.policy().calendar;
  if (windowsAt(windows, candidate).length === 0) return undefined;
  const place = { service: candidate.service, environment: candidate.environment };
  const span = { from: at, to: at + candidate.needed.rollout + candidate.needed.rollback };
  const conflicts = await conflictsAt(
    context.stores,
    context.policy(),
    id === undefined ? place : { ...place, id },
    span,
    context.clock.now(),
  );
  return criteriaAt(at, { windows, candidate, contacts, conflicts });
}
