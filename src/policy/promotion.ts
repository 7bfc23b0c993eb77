/** The way up the environments, as the policy has it (GT-8). */

import type { Bake } from '../terms/bake.ts';
import type { Policy } from './policy.ts';

interface Place {
  service: string;
  environment: string;
}

/** Those that a version goes through before it gets there. */
export function environmentsBefore(
  policy: Pick<Policy, 'services'>,
  { service, environment }: Place,
): string[] {
  const order = policy.services.get(service)?.environments ?? [];
  const at = order.indexOf(environment);
  return at < 0 ? [] : order.slice(0, at);
}

/** Where a version must have run before, and for how long; undefined where nothing is said, or it may go anywhere. */
export function bakeFor(
  policy: Pick<Policy, 'services' | 'environments' | 'promotion'>,
  place: Place,
): Bake | undefined {
  if (policy.promotion === 'any_order') return undefined;
  const before = environmentsBefore(policy, place).at(-1);
  const own = policy.environments.find(({ id }) => id === before);
  return own?.bake === undefined ? undefined : { environment: own.id, for: own.bake };
}
