/** The kinds of metric source; a new one is one line here. */

import { createRegistry } from '../adapters/registry.ts';
import type { MetricsSource } from './port.ts';
import { prometheus } from './prometheus.ts';
import { simulator } from './simulator-kind.ts';
import { webhook } from './webhook.ts';

export const METRICS = createRegistry<MetricsSource>('metric source', { prometheus, simulator, webhook });
