/** What a rollback does to the state. */

import type { Deployment } from '../deployment.ts';
import { type Change, type Changed, changed, type Evolvers } from '../evolver.ts';
import { endLastStage, rollout } from '../rollout/evolve.ts';
import type { RollbackState } from './state.ts';

export const ROLLBACK_EVOLVERS: Evolvers<
  'rollback_started' | 'rollback_repeated' | 'rollback_explained' | 'rolled_back' | 'rollback_failed'
> = {
  rollback_started: (d, e) => ({
    ...rollout(d, { hold: undefined, stages: endLastStage(d, e.at, 'rolled_back') }),
    rollback: { to: e.to, why: e.why, by: e.by, startedAt: e.at, toldAt: e.at },
    trouble: undefined,
  }),
  rollback_repeated: (d, e) => rollback(d, { toldAt: e.at }),
  rollback_explained: (d, e) => rollback(d, { reason: e.reason }),
  rolled_back: (d, e) => ({ ...rollback(d, { endedAt: e.at }), trouble: undefined }),
  rollback_failed: (_d, { at, by, reason }) => ({ ending: { at, by, reason } }),
};

function rollback(d: Deployment, change: Changed<RollbackState>): Change {
  return d.rollback === undefined ? {} : { rollback: changed(d.rollback, change) };
}
