/** State from events: what a deployment is after the next thing that happened to it. */

import { APPROVAL_EVOLVERS } from './approval/evolve.ts';
import type { Deployment } from './deployment.ts';
import type { DeploymentEvent, EventType } from './events.ts';
import { type Change, changed, type Evolvers } from './evolver.ts';
import { statusAfter, TERMINAL } from './lifecycle.ts';
import { PAGING_EVOLVERS, withPaging } from './paging/evolve.ts';
import { PROBLEM_EVOLVERS } from './problem/evolve.ts';
import { READINESS_EVOLVERS } from './readiness/evolve.ts';
import { begin, REQUEST_EVOLVERS } from './request/evolve.ts';
import { REVIEW_EVOLVERS } from './review/evolve.ts';
import { ROLLBACK_EVOLVERS } from './rollback/evolve.ts';
import { ROLLOUT_EVOLVERS } from './rollout/evolve.ts';
import { SIGNAL_EVOLVERS } from './signals/evolve.ts';
import { SMOKE_EVOLVERS } from './smoke/evolve.ts';
import { START_EVOLVERS } from './start/evolve.ts';

const EVOLVERS: Evolvers<Exclude<EventType, 'requested'>> = {
  ...REQUEST_EVOLVERS,
  ...APPROVAL_EVOLVERS,
  ...READINESS_EVOLVERS,
  ...START_EVOLVERS,
  ...ROLLOUT_EVOLVERS,
  ...ROLLBACK_EVOLVERS,
  ...REVIEW_EVOLVERS,
  ...SMOKE_EVOLVERS,
  ...PROBLEM_EVOLVERS,
  ...SIGNAL_EVOLVERS,
  ...PAGING_EVOLVERS,
};

/** Throws where the lifecycle does not allow the event: that is a fault of ours, never a person's mistake. */
export function evolve(deployment: Deployment | undefined, event: DeploymentEvent): Deployment {
  if (deployment === undefined) {
    if (event.type !== 'requested') throw new Error(`${event.deployment} begins with ${event.type}`);
    return begin(event);
  }
  const status = event.type === 'requested' ? undefined : statusAfter(deployment.status, event.type);
  if (event.type === 'requested' || status === undefined || event.seq !== deployment.seq + 1) {
    throw new Error(
      `${event.deployment} is ${deployment.status} at ${deployment.seq}: no ${event.type} #${event.seq}`,
    );
  }
  const change = (EVOLVERS[event.type] as (d: Deployment, e: DeploymentEvent) => Change)(deployment, event);
  const ends = TERMINAL.has(status) && !TERMINAL.has(deployment.status);
  const after = changed(deployment, {
    ...(ends ? { ending: { at: event.at, by: event.by } } : {}),
    ...change,
    seq: event.seq,
    status,
  });
  return withPaging(after, event);
}
