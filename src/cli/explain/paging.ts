/** Who is called beyond Slack where nobody acts, in sentences; and where nobody is although the policy counts on it. */

import { duration } from '../../../views/text.ts';
import { pagingFor } from '../../policy/paging.ts';
import type { Policy } from '../../policy/policy.ts';
import { all } from './words.ts';

interface Place {
  service: string;
  environment: string;
}

export function pagingWords(policy: Policy): string[] {
  const places = [...policy.services.values()].flatMap(({ name: service, environments }) =>
    environments.map((environment) => ({ service, environment })),
  );
  return [...calledWords(policy, places), ...nobodyWords(policy, places)];
}

function calledWords(policy: Policy, places: readonly Place[]): string[] {
  const byNames = new Map<string, string[]>();
  for (const place of places) {
    const names = (pagingFor(policy, place)?.notifiers ?? []).map(({ name }) => name);
    if (names.length > 0) byNames.set(all(names), [...(byNames.get(all(names)) ?? []), inPlace(place)]);
  }
  return [...byNames].map(
    ([names, where]) =>
      `${names} is called for ${all(where)}: ${duration(policy.pageAfter)} after a hold that nobody acts on, and at once where it goes back by itself, or a rollback fails or is not back in time.`,
  );
}

/** A setting that promises a call, and nobody to call. */
function nobodyWords(policy: Policy, places: readonly Place[]): string[] {
  if (policy.safeguards.breaking !== 'hold_and_page') return [];
  const nobody = places
    .filter(({ environment }) => policy.environments.find(({ id }) => id === environment)?.pages === true)
    .filter((place) => pagingFor(policy, place) === undefined);
  return nobody.length === 0
    ? []
    : [
        `safeguards.breaking is hold_and_page, and nobody is paged for ${all(nobody.map(inPlace))}: a hold there is told in Slack alone. Name notifiers under defaults or at the service; see docs/notifiers.md.`,
      ];
}

const inPlace = ({ service, environment }: Place): string => `${service} in ${environment}`;
