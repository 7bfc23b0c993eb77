/** Which roles somebody holds for one service: teams fill roles with people of their own (PR-6). */

import type { Instant } from '../time.ts';
import { type OnCallPlace, onCallOf, onCallPerson } from './on-call.ts';
import type { Policy, Role } from './policy.ts';

type Known = Pick<Policy, 'services' | 'people'>;

/** The role under which people fill `id` for this service. */
export function roleAt(
  { services, roles, scopedRoles }: Pick<Policy, 'services' | 'roles' | 'scopedRoles'>,
  service: string,
  id: string,
): Role | undefined {
  const scoped = services.get(service)?.approvers?.get(id);
  return scoped === undefined ? roles.get(id) : scopedRoles.get(scoped);
}

/**
 * Of all that somebody holds, what counts for this service: a role that its team fills is held by the team's people alone,
 * and `on_call` by whoever is it now. What it returns may be handed in again.
 */
export function rolesAt(
  policy: Known,
  place: OnCallPlace,
  who: { id: string; roles: readonly string[] },
  now: Instant,
): string[] {
  const instead = policy.services.get(place.service)?.approvers ?? new Map<string, string>();
  const elsewhere = who.roles.filter((role) => !instead.has(role));
  const here = [...instead].flatMap(([role, scoped]) => (who.roles.includes(scoped) ? [role] : []));
  const calls = isOnCall(policy, place, who, now) ? ['on_call'] : [];
  return [...new Set([...elsewhere, ...here, ...calls])];
}

export function isOnCall(
  policy: Known,
  place: OnCallPlace,
  who: { id: string; roles: readonly string[] },
  now: Instant,
): boolean {
  const found = onCallOf(policy, place);
  return found?.kind === 'group'
    ? who.roles.includes(`on_call:${found.usergroup}`)
    : onCallPerson(policy, place, now) === who.id;
}
