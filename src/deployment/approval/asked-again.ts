/** Gos that fell: an update of the message that asked for them notifies nobody, so whoever is to give another is asked in a new one (CH-7, CH-8). */

import { type By, distinctPeople } from '../../terms/person.ts';
import type { Deployment } from '../deployment.ts';
import { asksApprovers } from './change-request.ts';
import { missingSignOffs, whoCanSign } from './sign-offs.ts';
import type { ApprovalState } from './state.ts';

/** All who can fill a role whose go fell with an event; whoever did it knows. */
export function askedOnceMore(
  before: Deployment,
  after: Deployment,
  { seq, by }: { seq: number; by: By },
): ApprovalState['reminders'] {
  const fallen = asksApprovers(after) ? rolesOfFallen(before, after) : new Set<string>();
  const asked = missingSignOffs(after)
    .filter(({ role }) => fallen.has(role))
    .flatMap((required) => whoCanSign(after, required))
    .filter(({ id }) => by.kind !== 'person' || by.id !== id);
  const people = distinctPeople(asked);
  return people.length === 0 ? [] : [{ seq, people, about: 'again' }];
}

function rolesOfFallen(before: Deployment, after: Deployment): Set<string> {
  const fell = after.approval.signOffs.filter(
    ({ decision, fallen }, index) =>
      decision === 'go' && fallen !== undefined && before.approval.signOffs[index]?.fallen === undefined,
  );
  return new Set(fell.map(({ role }) => role));
}
