/** Whether a command that waited is still right to send: the deployment may have moved on meanwhile. */

import type { Deployment } from './deployment.ts';
import type { Effect } from './effects.ts';

export function stillWanted(d: Deployment, effect: Exclude<Effect, { kind: 'show' }>): boolean {
  switch (effect.kind) {
    case 'apply':
      return (d.status === 'rolling_out' || d.status === 'held') && d.step?.index === effect.step;
    case 'roll_back':
      return d.status === 'rolling_back';
    case 'supersede':
      return true;
  }
}
