/** Whom a run can turn to. */

import type { Hours } from './hours.ts';
import type { PersonRef } from './person.ts';

export const CONTACT_ROLES = ['lead', 'on_call', 'escalation'] as const;

/** Frozen but for the phone: a number in a record that is never erased is nobody's wish. */
export interface Contact {
  role: (typeof CONTACT_ROLES)[number];
  person: PersonRef;
  /** When they are there, where the policy says so. */
  hours?: Hours;
}
