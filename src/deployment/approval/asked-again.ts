/** Gos that fell: an update of the message that asked for them notifies nobody, so whoever is to give another is asked in a new one (CH-7, CH-8). */

import type { By, PersonRef } from '../../terms/person.ts';
import type { Deployment } from '../deployment.ts';
import { asksApprovers } from './change-request.ts';
import { missingSignOffs, whoCanSign } from './sign-offs.ts';
import type { ApprovalState, SignOff } from './state.ts';

/** Of an event that had gos fall: for each role those who gave them, or all others where they cannot any more, or took it back. */
export function askedOnceMore(
  before: Deployment,
  after: Deployment,
  { seq, by }: { seq: number; by: By },
): ApprovalState['reminders'] {
  if (!asksApprovers(after)) return [];
  const fallen = fellBetween(before, after);
  const people = missingSignOffs(after)
    .filter(({ role }) => fallen.some((one) => one.role === role))
    .flatMap((required) => {
      // Whoever did it knows.
      const can = whoCanSign(after, required).filter(({ id }) => by.kind !== 'person' || by.id !== id);
      const again = can.filter(({ id }) =>
        fallen.some(({ role, person }) => isOf(required, role, person, id)),
      );
      return again.length === 0 ? can : again;
    });
  const distinct = [...new Map(people.map((person) => [person.id, person])).values()];
  return distinct.length === 0 ? [] : [{ seq, people: distinct, about: 'again' }];
}

const isOf = ({ role }: { role: string }, fell: string, person: PersonRef, id: string): boolean =>
  fell === role && person.id === id;

function fellBetween(before: Deployment, after: Deployment): SignOff[] {
  return after.approval.signOffs.filter(
    ({ decision, fallen }, index) =>
      decision === 'go' && fallen !== undefined && before.approval.signOffs[index]?.fallen === undefined,
  );
}
