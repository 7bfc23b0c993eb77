/** What a deployment waits for and of whom, whatever it is (K-7): whoever is waited for finds it in one place. */

import type { PersonRef } from '../terms/person.ts';
import type { ChecklistItem } from '../terms/requirements.ts';
import { asksApprovers, waitsForChangeRequest } from './approval/change-request.ts';
import { missingSignOffs, owedSignOffs, owes, whoCanSign } from './approval/sign-offs.ts';
import type { Deployment } from './deployment.ts';
import { NOT_STARTED } from './lifecycle.ts';
import { holdersOf } from './nobody-can-end.ts';
import { type Milestone, openOfTheirOwn } from './readiness/readiness.ts';
import { owesReview } from './review/owed.ts';
import { peopleInCharge } from './rollout/action-needed.ts';

export type Matter =
  /** A go or no-go before the start. */
  | 'sign_off'
  /** What an emergency that has started owes, and the review of a rollback. */
  | 'owed'
  | 'change_request'
  /** Checklist items, before the start or the hand-over. */
  | 'items'
  /** A rollout that is held. */
  | 'hold'
  /** What came to be rolled back by itself is to be looked at, and told. */
  | 'explanation'
  /** An observation that nothing settled. */
  | 'observation';

export interface WaitingFor {
  matter: Matter;
  people: PersonRef[];
}

/** All that it waits for now, each with those who can end the wait. */
export function waitingFor(d: Deployment): WaitingFor[] {
  const all = NOT_STARTED.has(d.status) ? beforeStart(d) : afterwards(d);
  return all.filter(({ people }) => people.length > 0);
}

export function mattersOf(d: Deployment, personId: string): Matter[] {
  return waitingFor(d).flatMap(({ matter, people }) =>
    people.some(({ id }) => id === personId) ? [matter] : [],
  );
}

function beforeStart(d: Deployment): WaitingFor[] {
  return [
    {
      matter: 'sign_off',
      people: asksApprovers(d) ? missingSignOffs(d).flatMap((required) => whoCanSign(d, required)) : [],
    },
    { matter: 'change_request', people: waitsForChangeRequest(d) ? [d.terms.details.lead] : [] },
    { matter: 'items', people: whoseItems(d, 'start') },
  ];
}

function afterwards(d: Deployment): WaitingFor[] {
  const { lead } = d.terms.details;
  const owed = owedSignOffs(d).flatMap((required) => whoCanSign(d, required));
  return [
    { matter: 'owed', people: owes(d) || owesReview(d) ? [...owed, lead] : [] },
    { matter: 'hold', people: d.status === 'held' ? peopleInCharge(d) : [] },
    { matter: 'explanation', people: whoExplains(d) },
    {
      matter: 'observation',
      people: d.status === 'observing' && d.rollout?.finalWatch?.unsettled !== undefined ? [lead] : [],
    },
    { matter: 'items', people: d.status === 'observing' ? whoseItems(d, 'hand_over') : [] },
  ];
}

function whoExplains(d: Deployment): PersonRef[] {
  const open = (d.rollout?.actionsNeeded ?? []).filter(
    ({ about, done }) => about !== 'hold' && done === undefined,
  );
  return open.flatMap(({ people }) => people);
}

/** Those whom its open items ask by role, as far as the deployment names them; the lead sees to all others. */
export function whoseItems(d: Deployment, before: Milestone): PersonRef[] {
  return openOfTheirOwn(d, before).flatMap((item) => peopleOf(d, item));
}

function peopleOf(d: Deployment, { roles = [], by = [] }: ChecklistItem): PersonRef[] {
  const asked = [...new Set([...roles, ...by].map(({ role }) => role))];
  const people = asked.flatMap((role) => holdersOf(d, role) ?? []);
  const others = people.filter(({ id }) => id !== d.requestedBy.id);
  return others.length === 0 ? [d.terms.details.lead] : others;
}

/** Those who must be called for its open items: of an item that any one of several ticks nobody, where one of them `knows`. */
export function toCallForItems(
  d: Deployment,
  before: Milestone,
  knows: (id: string) => boolean,
): PersonRef[] {
  return openOfTheirOwn(d, before).flatMap((item) => {
    const people = peopleOf(d, item);
    const isSeenTo = item.roles === undefined && people.some(({ id }) => knows(id));
    return isSeenTo ? [] : people.filter(({ id }) => !knows(id));
  });
}
