/** A rollout that takes longer than planned: when its time is over, who is told, and who after that (WN-6). */

import { distinctPeople, type PersonRef } from '../../terms/person.ts';
import { plannedDuration } from '../../terms/plan.ts';
import type { Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import { CAN_HOLD } from '../lifecycle.ts';
import type { PlannedEnd } from './state.ts';

type OverranBody = Extract<EventBody, { type: 'overran' }>;

/** Undefined before the start, and for records from before this was watched. */
export function plannedEnd(d: Deployment): PlannedEnd | undefined {
  const { overrun } = d.terms.safeguards;
  if (overrun === undefined || d.rollout?.startedAt === undefined) return undefined;
  const from = d.rollout?.startedAt + (d.rollout?.extendedBy ?? 0);
  const own: PlannedEnd =
    overrun.within === undefined
      ? { at: from + plannedDuration(d.terms.envelope.plan), because: 'plan', grace: overrun.grace }
      : { at: from + overrun.within, because: 'target', grace: 0 };
  // Nobody can extend a window, and a watch that is longer does not move its end.
  return d.rollout?.windowUntil !== undefined && d.rollout?.windowUntil < own.at + own.grace
    ? { at: d.rollout?.windowUntil, because: 'window', grace: 0 }
    : own;
}

/** When the next word about it is due; undefined where none is left to say. */
export function nextOverrun(d: Deployment): Instant | undefined {
  return noticesLeft(d)[0]?.at;
}

export function overrunDue(d: Deployment, now: Instant): EventBody[] {
  const due = noticesLeft(d).flatMap(({ at, body }) => (at <= now ? [body] : []));
  const [first, escalation] = due;
  if (first === undefined || escalation === undefined) return due;
  // Nobody was there to be told in time: one word to all of them, and nobody is called twice.
  const { lead, onCall } = d.terms.details;
  return [{ ...escalation, to: distinctPeople([lead, onCall, ...toldOf(d)]) }];
}

/** Each once: the warning, and after it the escalation. A hold stops neither: it is how most run over. */
function noticesLeft(d: Deployment): { at: Instant; body: OverranBody }[] {
  const end = plannedEnd(d);
  if (end === undefined || !isOnTheWay(d)) return [];
  const plannedUntil = end.at;
  const { because } = end;
  const warnAt = end.at + end.grace;
  const after = d.terms.safeguards.overrun?.escalateAfter;
  const warning = {
    at: warnAt,
    body: { type: 'overran', level: 'warned', plannedUntil, because } as const,
  };
  const escalation = {
    at: warnAt + (after ?? 0),
    body: { type: 'overran', level: 'escalated', plannedUntil, because, to: toldOf(d) } as const,
  };
  const { warnedAt, escalatedAt } = d.rollout?.overrun ?? {};
  return [
    ...(warnedAt === undefined && escalatedAt === undefined ? [warning] : []),
    ...(after !== undefined && escalatedAt === undefined ? [escalation] : []),
  ];
}

/** Traffic is on its way to the new version, or stands half-way. */
function isOnTheWay({ status }: Deployment): boolean {
  return status === 'held' || CAN_HOLD.has(status);
}

/** The contact for it; without one those who are told of missing sign-offs, and else who leads it. */
function toldOf({ terms: { contacts = [], approval, details } }: Deployment): PersonRef[] {
  const named = contacts.filter(({ role }) => role === 'escalation').map(({ person }) => person);
  if (named.length > 0) return distinctPeople(named);
  const role = approval?.escalateTo?.people ?? [];
  return role.length > 0 ? role : [details.lead];
}
