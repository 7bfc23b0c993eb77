/** On its way back: told again until it is seen to be back, and seen to work (RB-3). */

import type { Observation } from '../../backends/port.ts';
import { MINUTE, SECOND } from '../../time.ts';
import { accepted, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { Decision, Facts } from '../intents.ts';
import { strangerIn, strangerWords } from '../rollout/drift.ts';
import { expectedWeight } from '../rollout/progress.ts';
import { weightIn } from '../rollout/steps.ts';
import { beforeRolledBack } from '../smoke/decide-smoke.ts';
import { trouble } from '../trouble.ts';

/** A rollback that is not seen to work is told again: a slower command may have overtaken it. */
const TELL_AGAIN_AFTER = 30 * SECOND;
/** Telling it again waits longer each time: a slow backend must not drown in its own rollbacks. */
const TELL_AGAIN_AT_LEAST_EVERY = 5 * MINUTE;

/** Less of the traffic than this, in percent points, is no news on the way back. */
const WORTH_TELLING = 10;

export function decideGoingBack(
  d: Deployment,
  observation: Observation,
  { now, occupiedBy }: Pick<Facts, 'now' | 'occupiedBy'>,
): Decision {
  const { to, startedAt, toldAt } = d.rollback ?? { to: null, startedAt: now, toldAt: now };
  const { health } = observation;
  // Seen before it was told: a step on its way may still arrive.
  if (observation.at < toldAt) return UNCHANGED;
  const back = observation.stable === to && weightIn(observation, d.terms.envelope.version) === 0;
  if (!back) {
    const stranger = strangerIn(d, observation);
    // Its own version is out: what somebody else brought meanwhile is not overwritten.
    const isOurs = stranger === occupiedBy?.version;
    if (stranger !== undefined && !isOurs && weightIn(observation, d.terms.envelope.version) === 0)
      return trouble(d, 'compare', strangerWords(stranger, observation));
    const takes = now - startedAt;
    if (takes >= d.terms.safeguards.rollbackWithin && d.trouble?.doing !== 'roll back') {
      return trouble(
        d,
        'roll back',
        `${to ?? 'nothing'} is not back after ${Math.round(takes / MINUTE)} minutes`,
      );
    }
    const patience = Math.min(Math.max(TELL_AGAIN_AFTER, toldAt - startedAt), TELL_AGAIN_AT_LEAST_EVERY);
    // What is seen to move has heard it.
    const heardAt = Math.max(toldAt, d.rollback?.left?.at ?? toldAt);
    if (now - heardAt >= patience) return accepted({ type: 'rollback_repeated', to });
    return onTheWay(d, weightIn(observation, d.terms.envelope.version));
  }
  // Back is not enough: it must be seen to work (RB-3). Where nothing runs any more, there is nothing to check.
  if (health === 'passing' || (to === null && health === 'unknown')) {
    const tested = beforeRolledBack(d, now);
    if (tested === undefined) return accepted({ type: 'rolled_back' });
    return 'trouble' in tested ? trouble(d, 'roll back', tested.trouble) : tested;
  }
  if (health === 'unknown' && now - toldAt < TELL_AGAIN_AFTER) return UNCHANGED;
  const what = health === 'failing' ? 'its health check is failing' : 'nothing says that it is healthy';
  return trouble(d, 'roll back', `${to ?? 'nothing'} is back, and ${what}`);
}

/** Where a fleet goes back part by part, people see how far it is. */
function onTheWay(d: Deployment, percent: number): Decision {
  const before = d.rollback?.left?.percent ?? (d.terms.takesBack === undefined ? expectedWeight(d) : 100);
  const isNews = percent > 0 && before - percent >= WORTH_TELLING;
  return isNews ? accepted({ type: 'rollback_moved', percent }) : UNCHANGED;
}
