/** Whom a run can turn to, and when they are there (WN-5). */

import { defined } from '../defined.ts';
import type { Details } from '../terms/change.ts';
import type { Contact } from '../terms/contacts.ts';
import type { PersonRef } from '../terms/person.ts';
import type { Policy } from './policy.ts';

export function contactsFor(
  { people }: Pick<Policy, 'people'>,
  { lead, onCall, escalation }: Pick<Details, 'lead' | 'onCall'> & { escalation?: PersonRef },
): Contact[] {
  const contact = (role: Contact['role'], person: PersonRef): Contact => {
    const hours = people.get(person.id)?.hours;
    return { role, person, ...defined({ hours }) };
  };
  return [
    contact('lead', lead),
    contact('on_call', onCall),
    ...(escalation === undefined ? [] : [contact('escalation', escalation)]),
  ];
}

/** Whoever stays is as they were frozen (PR-3), whoever is new as the policy has them now. */
export function revisedContacts(before: readonly Contact[], now: readonly Contact[]): Contact[] {
  const kept = (contact: Contact): Contact =>
    before.find(({ role, person }) => role === contact.role && person.id === contact.person.id) ?? contact;
  return [
    ...now.filter(({ role }) => role !== 'escalation').map(kept),
    ...before.filter(({ role }) => role === 'escalation'),
  ];
}
