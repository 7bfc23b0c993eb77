/** How it rolls out, is watched and is handed over, and what goes wrong meanwhile. */

import type { Deployment } from '../../src/deployment/deployment.ts';
import type { EventOf } from '../../src/deployment/evolver.ts';
import { IMPACT_WORDS } from '../../src/deployment/problem/impact.ts';
import { missingBefore } from '../../src/deployment/readiness/readiness.ts';
import { whoseItems } from '../../src/deployment/waiting-for.ts';
import { distinctPeople } from '../../src/terms/person.ts';
import { actionWords, heldWords } from '../action-needed.ts';
import { byName, leadOrOnCall, leadOrOnCallNames, name, release } from '../deployment-words.ts';
import { allClearWords, handOverWords, tookWords } from '../end-words.ts';
import { overrunNote } from '../overrun-words.ts';
import { signalNote } from '../signal-words.ts';
import { smokeNote } from '../smoke-words.ts';
import { because, duration, inline, listOf, mention, quote } from '../text.ts';
import { SILENT, type SomeNotes } from './note.ts';

export const ROLLOUT_NOTES = {
  // The report of the stage stands there from its first moment.
  step_started: SILENT,
  step_completed: (_d, e) =>
    e.undecided === undefined
      ? undefined
      : `Went on without a verdict: ${inline(e.undecided, 300)}. Nothing spoke for harm, and every rule that could speak was met`,
  looked: SILENT,
  held: (d, e) => `${heldWords(d, e)}${actionWords(d, e)}`,
  hold_explained: (_d, e) => `${byName(e.by)} on why it is held: ${quote(e.reason, 500)}`,
  resumed: (_d, e) => `Resumed by ${byName(e.by)}${because(e.reason)}`,
  promoted: (_d, e) => `Promoted early by ${byName(e.by)}${because(e.reason)}`,
  extended: (_d, e) =>
    `${byName(e.by)} has the stage watched ${duration(e.extension)} longer${because(e.reason)}`,
  overran: overrunNote,
  signalled: (d, e) => signalNote(d, e),
  signals_lost: (_d, e) =>
    `⚠️ Nobody can say whether alerts fired: ${inline(e.because, 300)}. Nothing passes until that is known again.`,
  problem_reported: (_d, e) =>
    `📣 ${byName(e.by)} reports a problem, ${IMPACT_WORDS[e.impact]}: ${quote(e.what, 500)}`,
  smoke_started: SILENT,
  smoke_skipped: (_d, e) => `🧪 No smoke tests were run: ${inline(e.because, 300)}`,
  smoke_reported: smokeNote,
  verification_started: SILENT,
  verified: (d) =>
    `✅ ${release(d)} is live in ${inline(d.terms.envelope.environment, 40)} with all traffic${tookWords(d)} · watched for ${duration(d.terms.safeguards.observeFor)}${openAtHandOver(d)}`,
  observation_unsettled: (d, e) =>
    `🟡 ${leadOrOnCall(d)} must decide on ${release(d)}: ${inline(e.because, 300)}. It is not handed over by itself; hand it over with a reason, or roll it back. It stays watched.`,
  all_clear: allClearWords,
  hand_over_started: (d, e) =>
    `${e.by.kind === 'person' ? `${name(e.by)} hands it over${because(e.reason)}` : 'Its watch ended without trouble'} · ${inline(d.previous ?? 'what was there before', 60)} is taken down first, and then there is no switching back`,
  handed_over: (d, e) => handOverWords(d, e),
  backend_troubled: (d, e) =>
    e.doing === 'compare'
      ? `⚠️ Changed behind GoNoGo's back: ${inline(e.message, 300)}. ${isAskedOf(d, e) ? leadOrOnCallNames(d) : leadOrOnCall(d)}: nothing is put right by itself, decide whose stands.`
      : `⚠️ Trouble with the backend (${inline(e.doing, 40).replaceAll('_', ' ')}): ${inline(e.message, 300)}. It is tried again.`,
  backend_recovered: () => 'The backend answers again',
} satisfies SomeNotes;

/** Nothing else tells them that the hand-over waits for them. */
function openAtHandOver(d: Deployment): string {
  const open = missingBefore(d, 'hand_over').length;
  if (open === 0) return '';
  const points = open === 1 ? '1 point is' : `${open} points are`;
  const people = distinctPeople([d.terms.details.lead, ...whoseItems(d, 'hand_over')]);
  return `\n${listOf(people.map(mention))}: ${points} open before the hand-over, in the checklist of the card.`;
}

/** They have it in a message of their own already: their decision hangs on the same. */
const isAskedOf = (d: Deployment, { message }: EventOf<'backend_troubled'>): boolean =>
  d.status === 'held' || d.rollout?.finalWatch?.unsettled?.because === message;
