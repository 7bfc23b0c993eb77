/** What a deployment that has not started waits for, beside its sign-offs: freezes, windows, locks, and others on their way. */

import { defined } from '../../defined.ts';
import {
  type Blocker,
  blockersAt,
  type Calendar,
  type Candidate,
  clearsAt,
  WINDOW_KEY,
} from '../../policy/calendar/blockers.ts';
import { lastStartFor } from '../../policy/calendar/criteria.ts';
import { openingAt, type Window, windowsAt } from '../../policy/calendar/windows.ts';
import { baseOf } from '../../terms/change.ts';
import { plannedDuration } from '../../terms/plan.ts';
import type { Instant } from '../../time.ts';
import { unsureSigners } from '../approval/signers.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import type { Waiting } from './state.ts';

type Asking = Pick<Deployment, 'terms'> & Partial<Pick<Deployment, 'requestedBy' | 'start'>>;

/** As the calendar sees it: its place, its time to the end and back, and whose locks are its own. */
export function candidateOf(d: Asking): Candidate {
  const { service, environment, plan } = d.terms.envelope;
  return {
    service,
    environment,
    needed: { rollout: plannedDuration(plan), rollback: d.terms.safeguards.rollbackWithin },
    people: [d.terms.details.lead.id, ...(d.requestedBy === undefined ? [] : [d.requestedBy.id])],
    onCall: d.terms.details.onCall,
    ...defined({ askedSince: d.start?.plannedSince, bake: bakeOf(d.terms) }),
    overridden: (d.start?.overridden ?? []).flatMap(({ keys }) => keys),
  };
}

/** What is broken does not wait for its turn (GT-8). */
const bakeOf = ({ bake, details }: Deployment['terms']): Deployment['terms']['bake'] =>
  baseOf(details) === 'emergency' ? undefined : bake;

/** When it means to start: at its time, or now. */
export function plannedStart(d: Deployment, now: Instant): Instant {
  const { start } = d.terms.envelope;
  const asked = start.kind === 'at' ? start.at : now;
  // Before its sign-offs are complete, an earlier schedule says nothing.
  return Math.max(now, d.status === 'scheduled' ? (d.start.at ?? asked) : asked);
}

/** What stands in its way as far as it is known now. */
export function startBlockers(d: Deployment, calendar: Calendar, now: Instant): Blocker[] {
  if (!NOT_STARTED.has(d.status)) return [];
  const at = plannedStart(d, now);
  const startsNow = d.status === 'scheduled' && at === now;
  const standing = blockersAt(calendar, candidateOf(d), at);
  return [...standing, ...unsureSigners(d, calendar)].filter(({ kind }) => {
    // Who is on the way or gone now says nothing about later, and nobody knows when the last go comes.
    if (kind === 'conflict' || kind === 'on_call' || kind === 'signer') return startsNow;
    return kind !== 'window' || d.status === 'scheduled' || d.terms.envelope.start.kind === 'at';
  });
}

/** When the window closes that it starts in; none for one that starts in spite of its windows. */
export function windowUntil(d: Deployment, calendar: Calendar | undefined, at: Instant): Instant | undefined {
  const candidate = candidateOf(d);
  if (calendar === undefined || candidate.overridden.includes(WINDOW_KEY)) return undefined;
  return openingAt(windowsAt(calendar.windows, candidate), at)?.to;
}

/** The last start in the window that it is scheduled in, as the windows are now; undefined where it is in none. */
export function lastStartOf(d: Deployment, windows: readonly Window[]): Instant | undefined {
  const at = d.start.waiting?.until ?? d.start.at;
  return d.status !== 'scheduled' || at === undefined ? undefined : lastStartFor(windows, candidateOf(d), at);
}

export interface Delay {
  blocked: boolean;
  /** What the record does not know yet. */
  events: EventBody[];
}

export function startDelay(d: Deployment, calendar: Calendar | undefined, now: Instant): Delay {
  if (calendar === undefined) return { blocked: d.start.waiting !== undefined, events: [] };
  const blockers = startBlockers(d, calendar, now);
  if (blockers.length === 0) {
    return { blocked: false, events: d.start.waiting === undefined ? [] : [{ type: 'start_cleared' }] };
  }
  return { blocked: true, events: isSame(d.start.waiting, blockers) ? [] : [startDelayed(blockers)] };
}

export function startDelayed(blockers: Blocker[]): Extract<EventBody, { type: 'start_delayed' }> {
  const until = clearsAt(blockers);
  return { type: 'start_delayed', blockers, ...defined({ until }) };
}

function isSame(waiting: Waiting | undefined, blockers: readonly Blocker[]): boolean {
  const inShort = (all: readonly Blocker[]): string =>
    all.map(({ key, until }) => `${key} ${until ?? ''}`).join('\n');
  return waiting !== undefined && inShort(waiting.for) === inShort(blockers);
}

/** Whether it waits for somebody to say that it shall start although another was rolled back there (RB-7). */
export function waitsAfterRollback({ start: { waiting } }: Deployment): boolean {
  return waiting?.for.some(({ kind }) => kind === 'rolled_back') === true;
}

/** Whether it waits for Slack to say who may still sign: nobody ends that, so it is asked again and again (CH-7). */
export function waitsForSigners({ start: { waiting } }: Deployment): boolean {
  return waiting?.for.some(({ kind }) => kind === 'signer') === true;
}
