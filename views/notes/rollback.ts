/** How it goes back, why, and what is learned from that. */

import type { Deployment } from '../../src/deployment/deployment.ts';
import { owesReview, whoReviews } from '../../src/deployment/review/owed.ts';
import { actionWords } from '../action-needed.ts';
import { byName, databaseOnRollback, leadOrOnCall, release } from '../deployment-words.ts';
import { drillLine } from '../drill.ts';
import { rollbackTook } from '../end-words.ts';
import { reviewLine } from '../review-words.ts';
import { wayBackWords } from '../step-words.ts';
import { inline, mention, quote, traffic } from '../text.ts';
import { SILENT, type SomeNotes } from './note.ts';

export const ROLLBACK_NOTES = {
  rollback_started: (d, e) =>
    `⏪ Rolling ${inline(d.terms.envelope.service, 60)} back from ${inline(d.terms.envelope.version, 60)} to ${previous(e.to)} · ${byName(e.by)}: ${inline(e.why, 300) || 'no reason given'}${wayBack(d)}${actionWords(d, e)}`,
  taken_back: (d, e) =>
    `⏪ ${byName(e.by)} takes back ${release(d)}, which ${d.terms.takesBack?.deployment ?? 'another deployment'} had handed over: going back to ${inline(e.to ?? 'nothing', 60)}${e.breaks === undefined ? '' : `\n⚠️ ${leadOrOnCall(d)}: see to the database now. ${databaseOnRollback(d)}`}`,
  rollback_repeated: SILENT,
  // In reports; the thread has it in the report of the stage.
  rollback_moved: (d, { percent }) =>
    `⏪ ${inline(d.terms.envelope.version, 60)} still has ${traffic(percent)} of traffic`,
  reason_reminded: SILENT,
  rollback_explained: (_d, e) => `${byName(e.by)} on why it was rolled back: ${quote(e.reason, 500)}`,
  rolled_back: (d, e) =>
    `⏪ ${inline(d.terms.envelope.service, 60)} is back on ${previous(d.rollback?.to ?? null)} with all traffic${rollbackTook(d, e.at)}${reviewOf(d)}${reviewer(d)}`,
  rollback_failed: (d, e) =>
    `🛑 The rollback of ${release(d)} failed: ${inline(e.reason, 300)}. Traffic may be split.${actionWords(d, e)}${reviewOf(d)}`,
  review_written: (_d, e) =>
    `📝 ${byName(e.by)} reviewed the rollback: ${quote(e.review.cause, 500)}\nWhat is done about it: ${quote(e.review.actions, 500)}`,
  review_reminded: SILENT,
} satisfies SomeNotes;

const wayBack = (d: Deployment): string => {
  const words = inline(wayBackWords(d), 200);
  return words === '' ? '' : `\n${words}`;
};

const reviewOf = (d: Deployment): string =>
  [...drillLine(d), ...reviewLine(d)].map((line) => `\n${line}`).join('');

/** Whoever is to review what another rolled back; where it went back by itself they have a message. */
function reviewer(d: Deployment): string {
  const { rollback } = d;
  const lead = whoReviews(d);
  const knows = rollback?.by.kind !== 'person' || rollback.by.id === lead.id;
  return !owesReview(d) || knows ? '' : `\n${mention(lead)}: the review is yours to write.`;
}

const previous = (version: string | null): string =>
  version === null ? 'no version at all' : inline(version, 60);
