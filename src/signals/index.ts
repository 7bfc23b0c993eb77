/** The kinds of sources of signals; a new one is one line here. */

import { createRegistry } from '../adapters/registry.ts';
import { alertmanager } from './alertmanager.ts';
import type { SignalSource } from './port.ts';
import { prometheus } from './prometheus.ts';
import { simulator } from './simulator.ts';

export const SIGNALS = createRegistry<SignalSource>('source of signals', {
  alertmanager,
  prometheus,
  simulator,
});
