/** What the way to the start does to the state. */

import { defined } from '../../defined.ts';
import type { Deployment } from '../deployment.ts';
import { type Change, type Changed, changed, type Evolvers, personOf } from '../evolver.ts';
import type { StartState } from './state.ts';

export const START_EVOLVERS: Evolvers<
  | 'reopened'
  | 'scheduled'
  | 'start_delayed'
  | 'start_cleared'
  | 'calendar_overridden'
  | 'drifted'
  | 'drift_accepted'
  | 'started'
> = {
  reopened: (d) => start(d, { at: undefined }),
  scheduled: (d, e) => start(d, { at: e.startAt }),
  start_delayed: (d, e) => start(d, { waiting: defined({ for: e.blockers, since: e.at, until: e.until }) }),
  // What it waited for does not count as lateness.
  start_cleared: (d, e) =>
    start(d, {
      waiting: undefined,
      at: d.start.at === undefined ? undefined : Math.max(d.start.at, e.at),
    }),
  calendar_overridden: (d, e) =>
    start(d, {
      overridden: [...d.start.overridden, { keys: e.keys, reason: e.reason, by: personOf(e), at: e.at }],
    }),
  drifted: (d, { runs, at, seq }) => start(d, { drift: { runs, since: at, seq } }),
  drift_accepted: (d, { runs }) => ({ ...start(d, { drift: undefined }), previous: runs }),
  started: (d, { at, previous, windowUntil, history }) => ({
    ...start(d, { waiting: undefined, drift: undefined }),
    approval: { ...d.approval, nudges: {} },
    previous,
    rollout: defined({
      startedAt: at,
      windowUntil,
      history,
      step: { index: 0, since: at },
      stages: [],
      extendedBy: 0,
      actionsNeeded: [],
    }),
    trouble: undefined,
  }),
};

function start(d: Deployment, change: Changed<StartState>): Change {
  return { start: changed(d.start, change) };
}
