/** The policy about alerts in sentences: where they are answered, and how services are found in them. */

import { listOf } from '../../../views/text.ts';
import type { Policy } from '../../policy/policy.ts';

export function alertWords({ alerts: { channels, aliases, noSuspect } }: Policy): string[] {
  if (channels.size === 0) return [];
  const silent =
    noSuspect === 'say'
      ? 'in one line where nothing was deployed'
      : 'and not at all where nothing was deployed';
  const owned = [...channels].flatMap(([id, { service }]) =>
    service === undefined ? [] : [`${service} in ${id}`],
  );
  const named = [...aliases].map(
    ([service, names]) => `${service} is also called ${listOf(names, 'or', 20)}`,
  );
  return [
    `A new alert in ${listOf([...channels.keys()], 'and', 20)} is answered once in its thread with the deployments that could be to blame, ${silent}.`,
    ...(owned.length === 0 ? [] : [`An alert that names no service is about ${listOf(owned, 'and', 20)}.`]),
    ...(named.length === 0 ? [] : [`In alerts, ${listOf(named, 'and', 20)}.`]),
  ];
}
