/** Which roles are open to a person: held, missing, not their own, and none besides the one they fill (CH-6, CH-10). */

import type { RequiredSignOff } from '../../terms/approval.ts';
import type { PersonRef } from '../../terms/person.ts';
import type { Deployment } from '../deployment.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import { isOwn } from './own.ts';
import {
  filledInstead,
  goesFor,
  isFilled,
  mayFill,
  missingSignOffs,
  owedSignOffs,
  sameVoice,
} from './sign-offs.ts';

interface Who {
  person: Pick<PersonRef, 'id'>;
  roles: readonly string[];
}

export function rolesOpenTo(d: Deployment, who: Who): RequiredSignOff[] {
  if (isOwn(d, who.person.id)) return [];
  return d.terms.required.filter(
    (required) =>
      mayFill(d, required.role, who) &&
      !isFilled(d, required) &&
      !goesFor(d, required.role).some(({ person }) => person.id === who.person.id) &&
      filledInstead(d, required.role, who.person.id) === undefined &&
      sameVoice(d, required.role, who.person.id) === undefined,
  );
}

/** The roles a person could say no-go as: one they said go as, and those open to them; else whatever they hold. */
export function rolesForNoGo(d: Deployment, who: Who): RequiredSignOff[] {
  const held = d.terms.required.filter(({ role }) => mayFill(d, role, who));
  const open = new Set(rolesOpenTo(d, who).map(({ role }) => role));
  const hasSaid = (role: string): boolean =>
    goesFor(d, role).some(({ person }) => person.id === who.person.id);
  const theirs = held.filter(({ role }) => open.has(role) || (NOT_STARTED.has(d.status) && hasSaid(role)));
  return theirs.length > 0 ? theirs : held;
}

/** The missing roles whose sign-off a person may hand on. */
export function rolesToDelegate(d: Deployment, who: Who): RequiredSignOff[] {
  const open = NOT_STARTED.has(d.status) ? missingSignOffs(d) : owedSignOffs(d);
  return open.filter(({ role }) => mayFill(d, role, who));
}
