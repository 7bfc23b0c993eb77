/** The kinds of deploy backend; a new one is one line here. */

import { createRegistry } from '../adapters/registry.ts';
import { argoRollouts } from './argo-rollouts.ts';
import { githubActions } from './github-actions.ts';
import { haproxy } from './haproxy.ts';
import { kubernetes } from './kubernetes.ts';
import type { DeployBackend } from './port.ts';
import { simulator } from './simulator/kind.ts';
import { webhook } from './webhook.ts';

export const BACKENDS = createRegistry<DeployBackend>('backend', {
  'argo-rollouts': argoRollouts,
  'github-actions': githubActions,
  haproxy,
  kubernetes,
  simulator,
  webhook,
});
