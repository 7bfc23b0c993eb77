/** Who somebody is for one place: teams fill roles with people of their own, and who is on call changes by the hour (PR-6). */

import type { Actor } from '../deployment/intents.ts';
import type { Signer } from '../policy/calendar/blockers.ts';
import type { Place, Scope } from '../policy/calendar/scope.ts';
import type { Policy } from '../policy/policy.ts';
import { rolesAt } from '../policy/team-roles.ts';
import type { Instant } from '../time.ts';

/** The same actor with the roles that count there; without a place, only those that are held everywhere. */
export function actorAt<A extends Actor>(
  policy: Policy,
  place: Place | undefined,
  actor: A,
  now: Instant,
): A {
  if (actor.kind !== 'person' || place === undefined) return actor;
  return { ...actor, roles: rolesAt(policy, place, { id: actor.person.id, roles: actor.roles }, now) };
}

export function signerAt(policy: Policy, place: Place, signer: Signer, now: Instant): Signer {
  return 'why' in signer ? signer : { ...signer, roles: rolesAt(policy, place, signer, now) };
}

/** The roles that count for all that a freeze or a lock is about: for several services, those held for each of them. */
export function rolesInScope(
  policy: Policy,
  { services }: Scope,
  { person, roles }: Extract<Actor, { kind: 'person' }>,
  now: Instant,
): readonly string[] {
  const [first, ...others] = (services ?? []).map((service) =>
    rolesAt(policy, { service }, { id: person.id, roles }, now),
  );
  if (first === undefined) return roles;
  return first.filter((role) => others.every((there) => there.includes(role)));
}
