/** A deployment of somebody else's that does not come to have all traffic: it is not watched for ever, and people hear of it. */

import type { Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';

/** As long after its share last grew as it would be observed with all traffic. Undefined where it is not waited for. */
export function standsStillAt({ status, rollout, terms }: Deployment): Instant | undefined {
  const reported = rollout?.reported;
  if (status !== 'watched_only' || reported === undefined || reported.percent === 100) return undefined;
  return reported.most.at + terms.safeguards.observeFor;
}

export function standsStillDue(d: Deployment, now: Instant): EventBody[] {
  const at = standsStillAt(d);
  if (at === undefined || at > now) return [];
  const share = d.rollout?.reported?.percent ?? 0;
  const because = `it came no further than ${share} % of the traffic, and nobody says that it is done or taken back`;
  const isWarned = d.rollout?.finalWatch?.unsettled !== undefined;
  return [
    ...(isWarned ? [] : [{ type: 'watch_warned', because } as const]),
    {
      type: 'watch_ended',
      how: 'stood_still',
      reason: `${because}; it is watched again once it gets more`,
    },
  ];
}
