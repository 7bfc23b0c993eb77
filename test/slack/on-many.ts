/** The example's checkout many times over, by other names. */

import { defaultCatalogue } from '../../src/backends/simulator.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { createRig } from '../conductor/rig.ts';

export function onMany(names: readonly string[]): Parameters<typeof createRig>[0] & object {
  const { checkout } = defaultCatalogue;
  if (checkout === undefined) throw new Error('the catalogue has no checkout');
  return {
    policy: (example) => withServices(example, names),
    catalogue: Object.fromEntries(names.map((name) => [name, checkout])),
  };
}

function withServices(example: Policy, names: readonly string[]): Policy {
  const one = example.services.get('checkout');
  if (one === undefined) throw new Error('the example has no checkout');
  return { ...example, services: new Map(names.map((name) => [name, { ...one, name }])) };
}
