/** Which roles are open to a person: held, missing, not their own, and none besides the one they fill (CH-6, CH-10). */

import type { RequiredSignOff } from '../../terms/approval.ts';
import type { PersonRef } from '../../terms/person.ts';
import type { Deployment } from '../deployment.ts';
import { isOwn } from './own.ts';
import { filledInstead, goesFor, isFilled, mayFill } from './sign-offs.ts';

export function rolesOpenTo(
  d: Deployment,
  who: { person: Pick<PersonRef, 'id'>; roles: readonly string[] },
): RequiredSignOff[] {
  if (isOwn(d, who.person.id)) return [];
  return d.terms.required.filter(
    (required) =>
      mayFill(d, required.role, who) &&
      !isFilled(d, required) &&
      !goesFor(d, required.role).some(({ person }) => person.id === who.person.id) &&
      filledInstead(d, required.role, who.person.id) === undefined,
  );
}
