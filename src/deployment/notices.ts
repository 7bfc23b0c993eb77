/**
 * Who gets a message of their own about an event, because an update of another notifies nobody. It is theirs under the
 * number of an event: when it no longer waits for them the same notice has it say so.
 */

import type { PersonRef } from '../terms/person.ts';
import type { Deployment } from './deployment.ts';
import type { DeploymentEvent } from './events.ts';
import type { EventOf } from './evolver.ts';

export interface Notice {
  /** The number of the event that it is about. */
  seq: number;
  people: readonly PersonRef[];
  /** It is a line of the thread as well, that names them; `channel`: and of the channel. */
  line?: 'thread' | 'channel';
}

export type Notices<E extends DeploymentEvent = DeploymentEvent> = (d: Deployment, event: E) => Notice[];

/** Holds and rollbacks that somebody must see to, or has seen to now: the last two, as one may follow from the other. */
export const aboutActions: Notices = (d) =>
  (d.rollout?.actionsNeeded ?? [])
    .slice(-2)
    .map(({ seq, people, about }) => ({ seq, people, line: about === 'rollback' ? 'thread' : 'channel' }));

/** The one before gives its buttons up to the new one. */
export const aboutReminders: Notices = (d) => d.approval.reminders.slice(-2);

/** A review that is owed; once it is written, every reminder says so. */
export const aboutReview: Notices = (d) => (d.review?.reminders ?? []).slice(-3);

/** An observation that is not settled is its lead's to decide. */
export const aboutObservation: Notices = (d) => {
  const unsettled = d.rollout?.finalWatch?.unsettled;
  return unsettled === undefined ? [] : [{ seq: unsettled.seq, people: [d.terms.details.lead] }];
};

export const aboutEscalation = (_d: Deployment, { seq, to }: EventOf<'escalated'>): Notice[] => [
  { seq, people: to },
];

export const aboutOverride = (_d: Deployment, { seq, told }: EventOf<'calendar_overridden'>): Notice[] => [
  { seq, people: told },
];

/** The line that called says how far it has come with the pagers. */
export const aboutCall = (_d: Deployment, { call }: EventOf<'pager_called' | 'pager_failed'>): Notice[] => [
  { seq: call, people: [], line: 'thread' },
];

/** Whoever was asked for the reason once more reads when it is said. */
export const aboutReason: Notices = ({ rollback }) =>
  rollback?.reminder === undefined ? [] : [rollback.reminder];
