/** The adapters that the policy and the record name: opened once, and kept for what is on its way. */

import { openBackend } from '../backends/index.ts';
import type { DeployBackend } from '../backends/port.ts';
import type { SimulatedWorld } from '../backends/simulator.ts';
import type { ConductorOptions } from '../conductor/conductor.ts';
import type { Stores } from '../conductor/ports.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { LIVE } from '../deployment/lifecycle.ts';
import { messageOf } from '../message-of.ts';
import { openMetrics } from '../metrics/index.ts';
import type { MetricsSource } from '../metrics/port.ts';
import { StartError } from './start-error.ts';

export interface Adapters extends Pick<ConductorOptions, 'backends' | 'metrics'> {
  /** Opens those that are named and not open yet; all or none, and it throws where one is unknown. */
  open(named: readonly { backend: string; metrics: string }[]): void;
  /** Those that deployments on their way were asked under, though the policy may name others by now. */
  openFrozen(stores: Stores): Promise<void>;
}

/** More than these are on their way at no time. */
const MOST_LIVE = 10_000;

/** One of each kind that is named; an unknown kind ends the start or the reload (never a fallback at run time). */
export function createAdapters(world?: () => SimulatedWorld): Adapters {
  const options = world === undefined ? {} : { simulator: { world } };
  const backends = new Map<string, DeployBackend>();
  const metrics = new Map<string, MetricsSource>();
  const missing = <T>(names: string[], known: Map<string, T>, make: (name: string) => T): [string, T][] =>
    [...new Set(names)].filter((name) => !known.has(name)).map((name) => [name, make(name)]);
  const open: Adapters['open'] = (named) => {
    const newBackends = missing(
      named.map(({ backend }) => backend),
      backends,
      (name) => openBackend(name, options),
    );
    const newMetrics = missing(
      named.map((one) => one.metrics),
      metrics,
      (name) => openMetrics(name, options),
    );
    for (const [name, backend] of newBackends) backends.set(name, backend);
    for (const [name, source] of newMetrics) metrics.set(name, source);
  };
  return {
    backends,
    metrics,
    open,
    async openFrozen(stores) {
      const live = await stores.events.list({ statuses: LIVE, limit: MOST_LIVE });
      for (const deployment of live) openFor(deployment, open);
    },
  };
}

function openFor({ id, terms: { adapters } }: Deployment, open: Adapters['open']): void {
  try {
    if (adapters !== undefined) open([adapters]);
  } catch (error) {
    const why = messageOf(error);
    throw new StartError(`${id} is on its way and cannot go on: ${why}`, { cause: error });
  }
}
