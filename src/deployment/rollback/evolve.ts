/** What a rollback does to the state. */

import { defined } from '../../defined.ts';
import type { Deployment } from '../deployment.ts';
import { DRILL_WHY } from '../drill/drill.ts';
import { type Change, type Changed, changed, type EventOf, type Evolvers } from '../evolver.ts';
import { peopleToAct, withDone } from '../rollout/action-needed.ts';
import { endLastStage, rollout } from '../rollout/evolve.ts';
import { rolloutOf } from '../rollout/progress.ts';
import type { ActionNeeded } from '../rollout/state.ts';
import type { RollbackState } from './state.ts';

export const ROLLBACK_EVOLVERS: Evolvers<
  | 'rollback_started'
  | 'taken_back'
  | 'rollback_repeated'
  | 'rollback_moved'
  | 'rollback_explained'
  | 'reason_reminded'
  | 'rolled_back'
  | 'rollback_failed'
> = {
  rollback_started: (d, e) => ({
    ...rollout(d, {
      hold: undefined,
      actionsNeeded: neededAfter(d, e),
      stages: endLastStage(d, e.at, 'rolled_back'),
    }),
    rollback: begun(e),
    trouble: undefined,
  }),
  taken_back: (_d, e) => ({ rollback: begun(e) }),
  rollback_repeated: (d, e) => rollback(d, { toldAt: e.at }),
  rollback_moved: (d, { percent, at }) => rollback(d, { left: { percent, at } }),
  rollback_explained: (d, e) => ({
    ...rollback(d, { reason: e.reason }),
    ...(d.rollout &&
      rollout(d, {
        actionsNeeded: EXPLAINED.reduce(
          (open, about) => withDone(open, about, 'explained', e),
          d.rollout.actionsNeeded,
        ),
      })),
  }),
  reason_reminded: (d, { seq, people }) => rollback(d, { reminder: { seq, people } }),
  rolled_back: (d, e) => ({ ...rollback(d, { endedAt: e.at }), trouble: undefined }),
  rollback_failed: (d, e) => ({
    ending: { at: e.at, by: e.by, reason: e.reason },
    ...(d.rollout && rollout(d, { actionsNeeded: neededAfterFailure(d, e) })),
  }),
};

const EXPLAINED = ['rollback', 'failure'] as const;

function begun({ to, why, by, at, breaks }: EventOf<'rollback_started' | 'taken_back'>): RollbackState {
  return { to, why, by, startedAt: at, toldAt: at, ...defined({ breaks }) };
}

/** A rollback by itself is told to those who must find out why. */
function neededAfter(d: Deployment, e: EventOf<'rollback_started'>): ActionNeeded[] {
  const before = withDone(rolloutOf(d).actionsNeeded, 'hold', 'rolled_back', e);
  // A drill goes back because it is one, and nobody has to find out why.
  if (d.terms.drill === true && e.why === DRILL_WHY) return before;
  // Whoever clicked knows; where data breaks, the others are called as well, and not waited for.
  if (e.by.kind === 'person' && e.breaks === undefined) return before;
  return [...before, { about: 'rollback', seq: e.seq, people: peopleToAct(d, e.by) }];
}

/** Traffic may be split, and nothing more happens by itself: who answers for it is called, but where one put it right by hand. */
function neededAfterFailure(d: Deployment, e: EventOf<'rollback_failed'>): ActionNeeded[] {
  if (e.by.kind === 'person') return withDone(rolloutOf(d).actionsNeeded, 'rollback', 'explained', e);
  return [...rolloutOf(d).actionsNeeded, { about: 'failure', seq: e.seq, people: peopleToAct(d, e.by) }];
}

function rollback(d: Deployment, change: Changed<RollbackState>): Change {
  return d.rollback === undefined ? {} : { rollback: changed(d.rollback, change) };
}
