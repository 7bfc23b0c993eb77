/** A review that is owed, or was written, in words (RB-6). */

import type { Deployment } from '../src/deployment/deployment.ts';
import { owesReview, reviewDueAt, whoReviews } from '../src/deployment/review/owed.ts';
import { name } from './deployment-words.ts';
import { dateTime, timeOfDay } from './text.ts';

/** `a review by Dana · due tomorrow at 14:00`; empty where none is owed. */
export function owedReviewWords(d: Deployment): string {
  const due = reviewDueAt(d);
  if (!owesReview(d) || due === undefined) return '';
  return `a review by ${name(whoReviews(d))} · due ${dateTime(due)}`;
}

/** On the card and at the end of the rollback; empty where none is asked for. */
export function reviewLine(d: Deployment): string[] {
  const due = reviewDueAt(d);
  if (due === undefined) return [];
  const { written } = d.review ?? {};
  return written === undefined
    ? [`📝 ${name(whoReviews(d))} owes its review, due ${dateTime(due)}.`]
    : [`📝 Reviewed by ${name(written.by)} at ${timeOfDay(written.at)}.`];
}
