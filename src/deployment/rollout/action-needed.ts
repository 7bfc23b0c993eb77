/** Who must act on a hold or on a rollback that nobody asked for, and whether they still must (K-3, ST-6). */

import type { By, PersonRef } from '../../terms/person.ts';
import type { Deployment } from '../deployment.ts';
import type { DeploymentEvent } from '../events.ts';
import type { ActionNeeded } from './state.ts';

/** Its lead and whoever is on call. */
export function peopleInCharge({ terms: { details } }: Deployment): PersonRef[] {
  const { lead, onCall } = details;
  return lead.id === onCall.id ? [lead] : [lead, onCall];
}

/** The same, but for who did it themselves: they know. */
export function peopleToAct(d: Deployment, by: By): PersonRef[] {
  return peopleInCharge(d).filter(({ id }) => by.kind !== 'person' || by.id !== id);
}

export function neededBy(d: Deployment, { seq }: Pick<DeploymentEvent, 'seq'>): ActionNeeded | undefined {
  return d.rollout?.actionsNeeded.find((needed) => needed.seq === seq);
}

type Acting = Pick<DeploymentEvent, 'by' | 'at'>;

/** What waited for somebody does so no more. */
export function withDone(
  actionsNeeded: readonly ActionNeeded[],
  about: ActionNeeded['about'],
  how: NonNullable<ActionNeeded['done']>['how'],
  { by, at }: Acting,
): ActionNeeded[] {
  return actionsNeeded.map((needed) =>
    needed.about === about && needed.done === undefined ? { ...needed, done: { how, by, at } } : needed,
  );
}
