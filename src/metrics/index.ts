/** The metric sources by name; what a name needs to be opened is in `MetricsOptions`. */

import type { SimulatedWorld } from '../backends/simulator.ts';
import type { MetricsSource } from './port.ts';

export interface MetricsOptions {
  simulator: { world: () => SimulatedWorld };
}

export type MetricsKind = keyof MetricsOptions;

const SOURCES: { [K in MetricsKind]: (options: MetricsOptions[K]) => MetricsSource } = {
  simulator: ({ world }) => world().metrics,
};

export const METRICS_KINDS: readonly string[] = Object.keys(SOURCES);

function isMetricsKind(name: string): name is MetricsKind {
  return Object.hasOwn(SOURCES, name);
}

/** Throws at start where nobody knows the name, or where what it needs is missing. */
export function openMetrics(name: string, options: Partial<MetricsOptions>): MetricsSource {
  if (!isMetricsKind(name)) {
    throw new Error(`there is no metric source "${name}"; there are: ${METRICS_KINDS.join(', ')}`);
  }
  return open(name, options);
}

function open<K extends MetricsKind>(kind: K, options: Partial<MetricsOptions>): MetricsSource {
  const own = options[kind];
  if (own === undefined) throw new Error(`the metric source "${kind}" is named and not configured`);
  return SOURCES[kind](own);
}
