/** Which strategies the schedule modal offers: what the place allows, as far as its backend can carry it out (ST-8, PR-2). */

import type { DeployBackend } from '../src/backends/port.ts';
import { stepsNobodyTakes } from '../src/deployment/rollout/steps.ts';
import type { Strategy } from '../src/policy/policy.ts';

export interface OfferedStrategies {
  strategies: Strategy[];
  /** Why some that the place allows are missing. */
  notTaken?: string;
}

/** Without a backend, as before a service is chosen, all are offered: sending it asks again. */
export function offeredStrategies(
  allowed: readonly Strategy[],
  backend: Pick<DeployBackend, 'name' | 'steps'> | undefined,
): OfferedStrategies {
  if (backend === undefined) return { strategies: [...allowed] };
  const unable = allowed
    .map((strategy) => ({ strategy, missing: stepsNobodyTakes(strategy.plan, backend.steps) }))
    .filter(({ missing }) => missing.length > 0);
  if (unable.length === 0) return { strategies: [...allowed] };
  const without = new Set(unable.map(({ strategy }) => strategy));
  const why = unable.map(({ strategy, missing }) => `${strategy.name} (no ${missing.join(', no ')})`);
  const left = allowed.filter((strategy) => !without.has(strategy));
  return {
    // A choice of nothing cannot be drawn; the hint says why each would be refused.
    strategies: left.length === 0 ? [...allowed] : left,
    notTaken: `The backend ${backend.name} cannot carry out ${why.join(', ')}.`,
  };
}
