/** The simulator as a kind of backend: it drives nothing real. */

import { z } from 'zod';
import { type AdapterContext, adapterKind } from '../../adapters/kind.ts';
import type { DeployBackend } from '../port.ts';
import type { SimulatedWorld } from '../simulator.ts';

export const simulator = adapterKind({
  summary: 'a simulated world, to try GoNoGo out: nothing real is deployed',
  settings: z.strictObject({}),
  example: {},
  open: (_settings, context): DeployBackend => worldOf(context).backend,
});

export function worldOf({ name, world }: AdapterContext): SimulatedWorld {
  if (world === undefined) throw new Error(`"${name}" is a simulator, and there is no simulated world here`);
  return world();
}
