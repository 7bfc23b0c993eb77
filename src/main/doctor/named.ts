/** Whom and what of Slack a policy names, and at which places. */

import type { Policy } from '../../policy/policy.ts';

type Places = Map<string, string[]>;

function places(pairs: readonly (readonly [id: string | undefined, place: string])[]): Places {
  const all: Places = new Map();
  for (const [id, place] of pairs) if (id !== undefined) all.set(id, [...(all.get(id) ?? []), place]);
  return all;
}

export function peopleIn({ roles, services, people }: Policy): Places {
  return places([
    ...[...roles.values()].flatMap(({ id, members }) => members.map((one) => [one, `roles.${id}`] as const)),
    ...[...services.values()].flatMap(({ name, lead, onCall, escalation }) => [
      [lead, `services.${name}.lead`] as const,
      [onCall, `services.${name}.on_call`] as const,
      [escalation, `services.${name}.escalation`] as const,
    ]),
    ...[...people.keys()].map((id) => [id, 'people'] as const),
  ]);
}

export function groupsIn({ roles }: Policy): Places {
  return places(
    [...roles.values()].flatMap(({ id, usergroups }) =>
      usergroups.map((one) => [one, `roles.${id}`] as const),
    ),
  );
}

export function channelsIn({ services, announcements, alerts }: Policy): Places {
  return places([
    ...[...services.values()].map(({ name, channel }) => [channel, `services.${name}.channel`] as const),
    [announcements, 'announcements'],
    ...[...alerts.channels.keys()].map((id) => [id, 'alerts.channels'] as const),
  ]);
}
