/** What the way to the start does to the state. */

import { defined } from '../../defined.ts';
import type { Deployment } from '../deployment.ts';
import { type Change, type Changed, changed, type Evolvers, personOf } from '../evolver.ts';
import type { StartState } from './state.ts';

export const START_EVOLVERS: Evolvers<
  'reopened' | 'scheduled' | 'start_delayed' | 'start_cleared' | 'calendar_overridden' | 'started'
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
  started: (d, { at, previous, windowUntil, history }) => ({
    ...start(d, { waiting: undefined }),
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
