/** What watching leaves in the state of a deployment that somebody else conducts. */

import { defined } from '../../defined.ts';
import type { Deployment } from '../deployment.ts';
import type { Change, EventOf, Evolvers } from '../evolver.ts';
import { rollout } from '../rollout/evolve.ts';
import { rolloutOf } from '../rollout/progress.ts';

export const WATCHING_EVOLVERS: Evolvers<'watch_started' | 'watch_moved' | 'watch_warned' | 'watch_ended'> = {
  watch_started: (_d, { at, previous, percent }) => ({
    previous,
    rollout: {
      startedAt: at,
      step: { index: 0, since: at },
      stages: [],
      extendedBy: 0,
      actionsNeeded: [],
      reported: { percent, at, most: { percent, at } },
      finalWatch: { since: at, blindFor: 0 },
      ...(percent === 100 ? { completedAt: at } : {}),
    },
  }),
  watch_moved: moved,
  watch_warned: (d, { because, at, seq }) => {
    const { finalWatch } = rolloutOf(d);
    return rollout(d, {
      finalWatch: finalWatch && { ...finalWatch, unsettled: { because, at, seq } },
    });
  },
  watch_ended: (d, { at, by, reason, how }) => {
    const { reported } = rolloutOf(d);
    return {
      ...rollout(d, { reported: reported && { ...reported, ended: how } }),
      ending: { at, by, reason },
    };
  },
};

/** With all traffic its watch begins; with another share it is another comparison. What the judge knows goes on. */
function moved(d: Deployment, { at, percent }: EventOf<'watch_moved'>): Change {
  const { finalWatch, reported } = rolloutOf(d);
  const { judge, unsettled } = finalWatch ?? {};
  const isMore = reported === undefined || percent > reported.most.percent;
  return rollout(d, {
    reported: { percent, at, most: isMore ? { percent, at } : reported.most },
    finalWatch: { since: at, blindFor: 0, ...defined({ judge, unsettled }) },
    completedAt: percent === 100 ? at : undefined,
  });
}
