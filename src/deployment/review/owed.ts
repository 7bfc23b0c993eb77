/** Whether a review is owed, by whom, until when, and when they are reminded (RB-6). */

import { nextWorkingMoment } from '../../policy/workdays.ts';
import type { PersonRef } from '../../terms/person.ts';
import { DAY, type Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import { wentBackAsDrill } from '../drill/drill.ts';
import type { EventBody } from '../events.ts';
import { peopleInCharge } from '../rollout/action-needed.ts';

/** Whether the policy asks for one: traffic went back, or was meant to. */
export function asksForReview(d: Deployment): boolean {
  const { terms, rollback, ending } = d;
  const { safeguards } = terms;
  return (
    !wentBackAsDrill(d) &&
    (safeguards.reviewWithin ?? 0) > 0 &&
    rollback !== undefined &&
    ending !== undefined
  );
}

export function owesReview(d: Deployment): boolean {
  return asksForReview(d) && d.review?.written === undefined;
}

/** Its lead writes it. */
export function whoReviews({ terms: { details } }: Deployment): PersonRef {
  return details.lead;
}

/** Undefined where none is asked for. */
export function reviewDueAt(d: Deployment): Instant | undefined {
  const { reviewWithin } = d.terms.safeguards;
  return asksForReview(d) && reviewWithin !== undefined ? (d.ending?.at ?? 0) + reviewWithin : undefined;
}

/** A day ahead, when it is due, and once more a day after that: then lead and on-call both know. */
const REMINDED_AT = [-DAY, 0, DAY] as const;

export function nextReviewReminder(d: Deployment): Instant | undefined {
  const due = owesReview(d) ? reviewDueAt(d) : undefined;
  const offset = REMINDED_AT[d.review?.reminders.length ?? 0];
  if (due === undefined || offset === undefined) return undefined;
  // Where it is due within a day, the first reminder is halfway.
  const at =
    offset < 0 ? Math.max(due + offset, due - (d.terms.safeguards.reviewWithin ?? 0) / 2) : due + offset;
  return nextWorkingMoment(at, d.terms.approval.workdays);
}

export function reviewReminderDue(d: Deployment, now: Instant): EventBody[] {
  const at = nextReviewReminder(d);
  if (at === undefined || at > now) return [];
  const isLast = (d.review?.reminders.length ?? 0) === REMINDED_AT.length - 1;
  return [{ type: 'review_reminded', people: isLast ? peopleInCharge(d) : [whoReviews(d)] }];
}
