/** The adapters of a file, and the simulator that is always there for a demo. */

import { DEFAULT_LIMIT } from '../adapters/registry.ts';
import type { AdapterInstance } from '../policy/policy.ts';

/** The name of the instance that nobody has to declare, and its kind. */
export const BUILT_IN = 'simulator';

interface Declared {
  kind: string;
  limit?: number | undefined;
}

export function buildAdapters(
  declared: Readonly<Record<string, Declared>> = {},
): Map<string, AdapterInstance> {
  const builtIn: AdapterInstance = {
    name: BUILT_IN,
    kind: BUILT_IN,
    limit: DEFAULT_LIMIT,
    settings: {},
    declared: false,
  };
  return new Map([[BUILT_IN, builtIn], ...buildInstances(declared)]);
}

/** Only what the file declares. */
export function buildInstances(
  declared: Readonly<Record<string, Declared>> = {},
): Map<string, AdapterInstance> {
  return new Map(
    Object.entries(declared).map(([name, { kind, limit = DEFAULT_LIMIT, ...settings }]) => [
      name,
      { name, kind, limit, settings, declared: true },
    ]),
  );
}
