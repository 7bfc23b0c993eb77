/** Who is on call for a service at a time: a person, a rotation, whoever of several is there, or whom a user group names (WN-5). */

import { defined } from '../defined.ts';
import type { Instant } from '../time.ts';
import { isWithin } from './hours.ts';
import type { Policy, ServicePolicy } from './policy.ts';
import { type OnCall, turnAt } from './rotation.ts';

export interface OnCallPlace {
  service: string;
  /** Without it, as the service has it everywhere. */
  environment?: string;
}

/** How the on-call of a place is found; undefined where the policy says nothing. */
export function onCallOf(
  { services }: Pick<Policy, 'services'>,
  { service, environment }: OnCallPlace,
): OnCall | undefined {
  const own = services.get(service);
  return (environment === undefined ? undefined : own?.onCallIn?.[environment]) ?? own?.onCall;
}

/** Who it is, where the policy alone tells; undefined where Slack has to be asked, or nobody is named. */
export function onCallPerson(
  policy: Pick<Policy, 'services' | 'people'>,
  place: OnCallPlace,
  at: Instant,
): string | undefined {
  const found = onCallOf(policy, place);
  return found && personOf(found, policy, at);
}

/** The person, or the user group that Slack has to be asked for. */
export function onCallAt(
  policy: Pick<Policy, 'services' | 'people'>,
  place: OnCallPlace,
  at: Instant,
): { person?: string; usergroup?: string } {
  const found = onCallOf(policy, place);
  if (found?.kind === 'group') return { usergroup: found.usergroup };
  return defined({ person: found && personOf(found, policy, at) });
}

function personOf(onCall: OnCall, { people }: Pick<Policy, 'people'>, at: Instant): string | undefined {
  switch (onCall.kind) {
    case 'people': {
      const there = onCall.people.find((id) => {
        const hours = people.get(id)?.hours;
        return hours !== undefined && isWithin(hours, at);
      });
      return there ?? onCall.people[0];
    }
    case 'rotation':
      return turnAt(onCall.rotation, at);
    case 'group':
      return undefined;
  }
}

/** Every way that a service finds its on-call. */
export function allOnCall({ onCall, onCallIn = {} }: ServicePolicy): OnCall[] {
  return [...(onCall === undefined ? [] : [onCall]), ...Object.values(onCallIn)];
}
