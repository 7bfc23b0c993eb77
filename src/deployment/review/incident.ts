/**
 * The incident record (RB-6): what happened, when it was noticed, who or what decided, how long it took and who was told,
 * all from the record itself.
 */

import type { Look } from '../../judge/types.ts';
import type { By, PersonRef } from '../../terms/person.ts';
import type { Duration, Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import type { DeploymentEvent } from '../events.ts';
import type { EventOf } from '../evolver.ts';
import { peopleInCharge } from '../rollout/action-needed.ts';

export interface Told {
  at: Instant;
  people: PersonRef[];
  event: DeploymentEvent;
}

export interface Incident {
  /** The first event since all was last well that said that something is wrong; the rollback itself where none did. */
  noticed: DeploymentEvent;
  began: EventOf<'rollback_started' | 'taken_back'>;
  /** The largest share that the new version had, in percent; unset where another deployment had brought it. */
  reached?: number;
  /** From the first sign to the word to go back. */
  decidedAfter: Duration;
  /** From there until the old version had it all and worked, or people gave up; unset while it goes on. */
  tookUntilEnd?: Duration;
  /** How often the backend was told again. */
  repeated: number;
  /** The last look before it went back. */
  lastLook?: Look;
  reportedBy: By[];
  told: Told[];
}

/** `events` are all of the deployment, oldest first; undefined where it was never rolled back. */
export function incidentOf(d: Deployment, events: readonly DeploymentEvent[]): Incident | undefined {
  const began = events.find((event) => event.type === 'rollback_started' || event.type === 'taken_back');
  if (began === undefined || (began.type !== 'rollback_started' && began.type !== 'taken_back'))
    return undefined;
  const before = sinceAllWasWell(events.filter(({ seq }) => seq < began.seq));
  const noticed = before.find(isASign) ?? began;
  const stages = d.rollout?.stages ?? [];
  const lastLook = d.rollout?.finalWatch?.lastLook ?? stages.at(-1)?.lastLook;
  return {
    noticed,
    began,
    decidedAfter: began.at - noticed.at,
    repeated: events.filter(({ type }) => type === 'rollback_repeated').length,
    reportedBy: before.flatMap((event) => (event.type === 'problem_reported' ? [event.by] : [])),
    told: events.filter(({ seq }) => seq >= noticed.seq).flatMap((event) => toldOf(d, event)),
    ...(stages.length > 0 && { reached: Math.max(...stages.map(({ percent }) => percent)) }),
    ...(d.ending !== undefined && { tookUntilEnd: d.ending.at - began.at }),
    ...(lastLook !== undefined && { lastLook }),
  };
}

/** What people said was all right, is not what it was rolled back for. */
function sinceAllWasWell(events: readonly DeploymentEvent[]): readonly DeploymentEvent[] {
  const last = events.findLastIndex(({ type }) => type === 'resumed' || type === 'promoted');
  return events.slice(last + 1);
}

function isASign(event: DeploymentEvent): boolean {
  switch (event.type) {
    case 'held':
    case 'problem_reported':
    case 'observation_unsettled':
      return true;
    case 'signalled':
      return event.alerts.length + event.criticalErrors > 0;
    case 'looked':
      return event.look.verdict === 'fail';
    case 'smoke_reported':
      return event.verdict?.kind === 'hold' || event.verdict?.kind === 'roll_back';
    default:
      return false;
  }
}

/** Whom a message of their own or a mention has reached, by what the record says was sent. */
function toldOf(d: Deployment, event: DeploymentEvent): Told[] {
  const to = (people: readonly PersonRef[]): Told[] =>
    people.length === 0 ? [] : [{ at: event.at, people: [...people], event }];
  switch (event.type) {
    case 'held':
    case 'rollback_started':
      return to(d.rollout?.actionsNeeded.find(({ seq }) => seq === event.seq)?.people ?? []);
    case 'escalated':
      return to(event.to);
    case 'review_reminded':
      return to(event.people);
    case 'rolled_back':
    case 'rollback_failed':
    case 'taken_back':
      return [{ at: event.at, people: peopleInCharge(d), event }];
    default:
      return [];
  }
}
