/** What time alone does about missing sign-offs: it reminds, tells others, and lets old ones fall (CH-1, CH-8). */

import { nextWorkingMoment } from '../../policy/workdays.ts';
import type { Approval, RequiredSignOff } from '../../terms/approval.ts';
import { distinctPeople, type PersonRef } from '../../terms/person.ts';
import type { Duration, Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import {
  blockingSignOffs,
  goesFor,
  isTooOld,
  owedSignOffs,
  owedUntil,
  owes,
  owesChangeRequest,
  owesWriteUp,
  whoCanSign,
} from './sign-offs.ts';

interface Nudge {
  at: Instant;
  body: EventBody;
}

/** Undefined where nothing is missing, or the policy leaves it alone. */
export function nextNudge(d: Deployment): Instant | undefined {
  const times = nudges(d).map(({ at }) => at);
  return times.length === 0 ? undefined : Math.min(...times);
}

export function nudgesDue(d: Deployment, now: Instant): EventBody[] {
  return nudges(d)
    .filter(({ at }) => at <= now)
    .map(({ body }) => body);
}

/** What falls is asked for afresh, and whoever can sign is told by that. */
export function expireGoes(d: Deployment, now: Instant): EventBody[] {
  const fallen = waitedFor(d)
    .map(({ role }) => role)
    .filter((role) => goesFor(d, role).some((go) => isTooOld(d, go, now)));
  return fallen.length === 0 ? [] : [{ type: 'sign_offs_expired', roles: fallen }];
}

/** The roles whose goes its start hangs on: only those must not be old. */
function waitedFor(d: Deployment): RequiredSignOff[] {
  return NOT_STARTED.has(d.status) && d.terms.approval.when === 'before' ? d.terms.required : [];
}

export function nextExpiryOfGoes(d: Deployment): Instant | undefined {
  const lasts = d.terms.approval.goLasts;
  const goes = waitedFor(d).flatMap(({ role }) => goesFor(d, role));
  if (lasts === undefined || goes.length === 0) return undefined;
  return Math.min(...goes.map(({ at }) => at)) + lasts;
}

function nudges(d: Deployment): Nudge[] {
  const { approval } = d.terms;
  if (approval === undefined) return [];
  if (d.status === 'preparing') return whileWaiting(d, approval);
  return owes(d) ? whileOwing(d, approval) : [];
}

function whileWaiting(d: Deployment, approval: Approval): Nudge[] {
  const since = d.approval.askedAt;
  if (since === undefined) return [];
  const people = distinctPeople(blockingSignOffs(d).flatMap((required) => whoCanSign(d, required)));
  return [
    ...reminder(d, approval, { since, every: approval.remindAfter, people, about: 'sign_offs' }),
    ...(approval.escalateAfter === undefined
      ? []
      : escalation(d, approval, since + approval.escalateAfter, 'sign_offs')),
  ];
}

function whileOwing(d: Deployment, approval: Approval): Nudge[] {
  const { lead } = d.terms.details;
  const signers = owedSignOffs(d).flatMap((required) => whoCanSign(d, required));
  // Where nobody can sign, whoever leads it must see to that.
  const writes = owesWriteUp(d) || owesChangeRequest(d);
  const people = distinctPeople([...signers, ...(writes || signers.length === 0 ? [lead] : [])]);
  const since = d.rollout?.startedAt ?? d.requestedAt;
  return [
    ...reminder(d, approval, { since, every: approval.owed?.remindEvery, people, about: 'owed' }),
    ...escalation(d, approval, owedUntil(d) ?? since, 'owed'),
  ];
}

type About = 'sign_offs' | 'owed';

function reminder(
  d: Deployment,
  { workdays }: Approval,
  of: { since: Instant; every: Duration | undefined; people: PersonRef[]; about: About },
): Nudge[] {
  if (of.every === undefined || of.people.length === 0) return [];
  const at = nextWorkingMoment((d.approval.nudges.reminded ?? of.since) + of.every, workdays);
  return [{ at, body: { type: 'reminded', people: of.people, about: of.about } }];
}

/** Once, and in working hours: after that the people who know must see to it. */
function escalation(d: Deployment, approval: Approval, at: Instant, about: About): Nudge[] {
  const { escalateTo, workdays } = approval;
  if (escalateTo === undefined || escalateTo.people.length === 0 || d.approval.nudges.escalated !== undefined)
    return [];
  const body: EventBody = { type: 'escalated', to: escalateTo.people, role: escalateTo.name, about };
  return [{ at: nextWorkingMoment(at, workdays), body }];
}
