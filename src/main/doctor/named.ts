/** Whom and what of Slack a policy names, and at which places. */

import { allOnCall } from '../../policy/on-call.ts';
import type { Policy, Role } from '../../policy/policy.ts';
import { namedIn } from '../../policy/rotation.ts';

type Places = Map<string, string[]>;

function places(pairs: readonly (readonly [id: string | undefined, place: string])[]): Places {
  const all: Places = new Map();
  for (const [id, place] of pairs) if (id !== undefined) all.set(id, [...(all.get(id) ?? []), place]);
  return all;
}

/** Whoever holds a role that stands for several is named where those are. */
const named = (roles: Policy['roles']): Role[] =>
  [...roles.values()].filter(({ anyOf }) => anyOf === undefined);

export function peopleIn({ roles, scopedRoles, services, people }: Policy): Places {
  return places([
    ...named(roles).flatMap(({ id, members }) => members.map((one) => [one, `roles.${id}`] as const)),
    ...[...services.values()].flatMap(({ name, lead, escalation }) => [
      [lead, `services.${name}.lead`] as const,
      [escalation, `services.${name}.escalation`] as const,
    ]),
    ...named(scopedRoles).flatMap(({ id, members }) =>
      members.map((one) => [one, `approvers ${id}`] as const),
    ),
    ...[...services.values()].flatMap((service) =>
      allOnCall(service)
        .flatMap(namedIn)
        .map((one) => [one, `services.${service.name}.on_call`] as const),
    ),
    ...[...people.keys()].map((id) => [id, 'people'] as const),
  ]);
}

export function groupsIn({ roles, scopedRoles }: Policy): Places {
  return places([
    ...named(roles).flatMap(({ id, usergroups }) => usergroups.map((one) => [one, `roles.${id}`] as const)),
    ...named(scopedRoles).flatMap(({ id, usergroups }) =>
      usergroups.map((one) => [one, id.startsWith('on_call:') ? 'on_call' : `approvers ${id}`] as const),
    ),
  ]);
}

export function channelsIn({ services, announcements, alerts }: Policy): Places {
  return places([
    ...[...services.values()].map(({ name, channel }) => [channel, `services.${name}.channel`] as const),
    [announcements, 'announcements'],
    ...[...alerts.channels.keys()].map((id) => [id, 'alerts.channels'] as const),
  ]);
}
