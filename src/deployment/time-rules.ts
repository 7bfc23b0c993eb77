/** What time alone brings about: one row per rule, with when it is next due and what it then says. */

import type { Instant } from '../time.ts';
import { expireGoes, nextExpiryOfGoes, nextNudge, nudgesDue } from './approval/nudges.ts';
import type { Deployment } from './deployment.ts';
import type { EventBody } from './events.ts';
import type { Facts } from './intents.ts';
import { NOT_STARTED } from './lifecycle.ts';
import { nextStuck, stuckDue } from './nobody-can-end.ts';
import { nextPage, pagesDue } from './paging/time-rule.ts';
import { evolveWith, newsOf, withReadiness } from './readiness/decide-readiness.ts';
import { evidenceExpired, nextExpiryOfEvidence } from './readiness/readiness.ts';
import { nextReviewReminder, reviewReminderDue } from './review/owed.ts';
import { nextReasonReminder, reasonReminderDue } from './rollback/reason-reminder.ts';
import { allClearAt, allClearDue } from './rollout/all-clear.ts';
import { nextOverrun, overrunDue } from './rollout/overrun.ts';
import { smokeLate, smokeLateAt } from './smoke/decide-smoke.ts';
import { afterFailedGate } from './smoke/failed-gate.ts';
import { nextExpiryOfRequest, requestExpired } from './start/expiry.ts';
import { startDelay } from './start/waiting.ts';
import { standsStillAt, standsStillDue } from './watching/stands-still.ts';

interface TimeRule {
  /** Undefined where time changes nothing. An instant that has passed means now. */
  next(d: Deployment): Instant | undefined;
  /** Nothing before its time, but for what the facts tell that the record does not know yet. */
  due(d: Deployment, facts: Facts): EventBody[];
}

/** In the order in which they are asked, each of the deployment as those before it leave it. */
export const TIME_RULES = {
  'the request expires': {
    next: nextExpiryOfRequest,
    due: (d, { now }) => requestExpired(d, now),
  },
  'what it waits for clears': {
    // Once it is scheduled, its start asks the backend at that moment.
    next: (d) => (d.status === 'preparing' ? d.start.waiting?.until : undefined),
    due: (d, { calendar, now }) => (NOT_STARTED.has(d.status) ? startDelay(d, calendar, now).events : []),
  },
  'a go grows too old': {
    next: nextExpiryOfGoes,
    due: (d, { now }) => expireGoes(d, now),
  },
  'a report or a tick grows too old': {
    next: nextExpiryOfEvidence,
    due: (d, facts) => {
      const bodies = [...evidenceExpired(d, facts.now), ...newsOf(d, facts)];
      if (bodies.length === 0) return [];
      return [...withReadiness(d, facts, ...bodies), ...afterFailedGate(d, bodies)];
    },
  },
  'smoke tests take too long': {
    next: smokeLateAt,
    due: smokeLate,
  },
  'it is complete for a while': {
    next: allClearAt,
    due: (d, { now }) => allClearDue(d, now),
  },
  'nobody can end what it waits for': {
    next: nextStuck,
    due: (d, { now }) => stuckDue(d, now),
  },
  'somebody is reminded': {
    next: nextNudge,
    due: (d, { now }) => nudgesDue(d, now),
  },
  'nobody has said why it was rolled back': {
    next: nextReasonReminder,
    due: (d, { now }) => reasonReminderDue(d, now),
  },
  'its review is owed': {
    next: nextReviewReminder,
    due: (d, { now }) => reviewReminderDue(d, now),
  },
  'it takes longer than planned': {
    next: nextOverrun,
    due: (d, { now }) => overrunDue(d, now),
  },
  'what is only watched stands still': {
    next: standsStillAt,
    due: (d, { now }) => standsStillDue(d, now),
  },
  'the pagers are called': {
    next: nextPage,
    due: (d, { now }) => pagesDue(d, now),
  },
} satisfies Record<string, TimeRule>;

const RULES: readonly TimeRule[] = Object.values(TIME_RULES);

/** When time next brings something about. */
export function nextByTime(d: Deployment): Instant | undefined {
  const times = RULES.map(({ next }) => next(d)).filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** All that time has brought about, and what was reported meanwhile. */
export function dueByTime(d: Deployment, facts: Facts): EventBody[] {
  const bodies: EventBody[] = [];
  let after = d;
  for (const { due } of RULES) {
    for (const body of due(after, facts)) {
      bodies.push(body);
      after = evolveWith(after, body, facts);
    }
  }
  return bodies;
}
