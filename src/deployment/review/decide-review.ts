/** Writing the review of a rollback (RB-6); it may be written again, and every wording stays in the record. */

import { defined } from '../../defined.ts';
import type { Review } from '../../terms/review.ts';
import { accepted, refused, refusedAttempt, rolesIn, title } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { asksForReview, whoReviews } from './owed.ts';

export function decideReview(
  d: Deployment,
  { review }: Extract<Intent, { kind: 'review' }>,
  facts: Facts,
): Decision {
  const { actor } = facts;
  if (actor.kind !== 'person') return refused('not_allowed', 'Only a person can review a rollback.');
  if (!asksForReview(d)) return refused('wrong_status', whyNone(d));
  if (rolesIn(d, actor).size === 0)
    return refusedAttempt(
      'not_allowed',
      'review',
      `You can't write the review of ${title(d)}: ${whoReviews(d).name} (lead) or anyone with a role can. Nothing was recorded but this try.`,
    );
  const written = trimmed(review);
  if (written.cause === '' || written.actions === '')
    return refused('reason_needed', 'Say what happened and what is done about it.');
  return accepted({ type: 'review_written', review: written });
}

function whyNone(d: Deployment): string {
  if (d.rollback === undefined) return `${title(d)} was not rolled back: there is nothing to review.`;
  return d.ending === undefined
    ? `${title(d)} is still being rolled back. Write the review when that is over.`
    : `The policy asks for no review of ${title(d)}.`;
}

function trimmed({ cause, actions, wentWell, couldImprove }: Review): Review {
  const given = (text: string | undefined) => text?.trim() || undefined;
  return {
    cause: cause.trim(),
    actions: actions.trim(),
    ...defined({ wentWell: given(wentWell), couldImprove: given(couldImprove) }),
  };
}
