/** The simulator as a kind of metric source: what the simulated world measures. */

import { z } from 'zod';
import { adapterKind } from '../adapters/kind.ts';
import { worldOf } from '../backends/simulator/kind.ts';
import type { MetricsSource } from './port.ts';

export const simulator = adapterKind({
  summary: 'figures of the simulated world, to try GoNoGo out',
  settings: z.strictObject({}),
  example: {},
  open: (_settings, context): MetricsSource => worldOf(context).metrics,
});
