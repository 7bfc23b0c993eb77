/** The kinds of deploy backend; a new one is one line here. */

import { createRegistry } from '../adapters/registry.ts';
import { haproxy } from './haproxy.ts';
import { kubernetes } from './kubernetes.ts';
import type { DeployBackend } from './port.ts';
import { simulator } from './simulator/kind.ts';

export const BACKENDS = createRegistry<DeployBackend>('backend', { haproxy, kubernetes, simulator });
