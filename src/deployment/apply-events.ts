/** What a decision's events make of a deployment, and what the world would have to be told: the same for a commit and for a look ahead. */

import type { By } from '../terms/person.ts';
import type { Instant } from '../time.ts';
import type { Deployment } from './deployment.ts';
import type { Effect } from './effects.ts';
import type { DeploymentEvent, EventBody } from './events.ts';
import { evolve } from './evolve.ts';
import { react } from './react.ts';

export interface Applied {
  /** An event with the state that it left, and what follows from it. */
  applied: { event: DeploymentEvent; after: Deployment; effects: Effect[] }[];
  after: Deployment;
}

/** Throws where there is no event to begin with. */
export function applyEvents(
  id: string,
  before: Deployment | undefined,
  bodies: readonly EventBody[],
  { at, by }: { at: Instant; by: By },
): Applied {
  let after = before;
  const applied: Applied['applied'] = [];
  for (const body of bodies) {
    const event: DeploymentEvent = { ...body, deployment: id, seq: (after?.seq ?? 0) + 1, at, by };
    after = evolve(after, event);
    applied.push({ event, after, effects: react(after, event) });
  }
  if (after === undefined) throw new Error(`${id}: accepted without an event`);
  return { applied, after };
}
