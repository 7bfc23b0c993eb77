/** The deploy backends by name; what a name needs to be opened is in `BackendOptions`. */

import type { DeployBackend } from './port.ts';
import type { SimulatedWorld } from './simulator.ts';

export interface BackendOptions {
  simulator: { world: () => SimulatedWorld };
}

export type BackendKind = keyof BackendOptions;

const BACKENDS: { [K in BackendKind]: (options: BackendOptions[K]) => DeployBackend } = {
  simulator: ({ world }) => world().backend,
};

export const BACKEND_KINDS: readonly string[] = Object.keys(BACKENDS);

function isBackendKind(name: string): name is BackendKind {
  return Object.hasOwn(BACKENDS, name);
}

/** Throws at start where nobody knows the name, or where what it needs is missing. */
export function openBackend(name: string, options: Partial<BackendOptions>): DeployBackend {
  if (!isBackendKind(name)) {
    throw new Error(`there is no backend "${name}"; there are: ${BACKEND_KINDS.join(', ')}`);
  }
  return open(name, options);
}

function open<K extends BackendKind>(kind: K, options: Partial<BackendOptions>): DeployBackend {
  const own = options[kind];
  if (own === undefined) throw new Error(`the backend "${kind}" is named and not configured`);
  return BACKENDS[kind](own);
}
