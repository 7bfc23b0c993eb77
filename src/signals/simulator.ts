/** The simulator as a kind of source of signals: what the simulated world is told to raise. */

import { z } from 'zod';
import { adapterKind } from '../adapters/kind.ts';
import { worldOf } from '../backends/simulator/kind.ts';
import type { SignalSource } from './port.ts';

export const simulator = adapterKind({
  summary: 'alerts of the simulated world, to try GoNoGo out',
  settings: z.strictObject({}),
  example: {},
  open: (_settings, context): SignalSource => worldOf(context).signals,
});
