/** Whether a command that waited is still right to send: the deployment may have moved on meanwhile. */

import type { Deployment } from './deployment.ts';
import type { Effect } from './effects.ts';

export function stillWanted(d: Deployment, effect: Exclude<Effect, { kind: 'show' }>): boolean {
  switch (effect.kind) {
    case 'apply':
      // Not while it is held: resuming tells it again.
      return d.status === 'rolling_out' && d.rollout?.step?.index === effect.step;
    case 'roll_back':
      // Even when all looks well already: a step on its way may still arrive, and only this takes it back.
      return d.status === 'rolling_back' || d.status === 'rolled_back';
    case 'supersede':
      return true;
  }
}
