/** When it starts, what stands in its way, and who lets it start all the same. */

import type { Deployment } from '../../src/deployment/deployment.ts';
import { shortNotice } from '../../src/deployment/request/notice.ts';
import { whoClearsIt } from '../blocker-words.ts';
import { contactsWords } from '../contact-words.ts';
import { byName, title } from '../deployment-words.ts';
import { driftNote } from '../drift-words.ts';
import { noticeWords } from '../notice-words.ts';
import { stayWords } from '../step-words.ts';
import { because, dateTime, inline, momentsIn } from '../text.ts';
import type { SomeNotes } from './note.ts';

export const START_NOTES = {
  scheduled: (d, e) =>
    `${d.terms.approval.when === 'afterwards' ? 'An emergency' : readyWords(d)} · starts ${dateTime(e.startAt)}${noticeOf(d)}`,
  start_delayed: (d, e) =>
    `⏳ Waits: ${e.blockers.map(({ says }) => momentsIn(inline(says, 400))).join('; ')}${whoClearsIt(d, e)}`,
  start_cleared: () => 'Nothing stands in the way of the start any more',
  calendar_overridden: (_d, e) =>
    `⚠️ ${byName(e.by)} lets it start all the same${because(e.reason)}\nIn spite of: ${e.says.map((says) => momentsIn(inline(says, 300))).join('; ')}`,
  started: (d, e) =>
    `🚀 ${title(d)} has started · ${e.previous === null ? 'nothing ran there before' : stayWords(d.terms.envelope.plan, inline(e.previous, 60))}${contactsOf(d)}`,
  drifted: driftNote,
  drift_accepted: (_d, e) => `${byName(e.by)} lets it start from ${inline(e.runs ?? 'nothing', 60)}`,
} satisfies SomeNotes;

const readyWords = (d: Deployment): string =>
  d.terms.requirements === undefined ? 'All sign-offs are in' : 'All that it needs is there';

function noticeOf(d: Deployment): string {
  const short = shortNotice(d);
  return short === undefined ? '' : `\n${noticeWords(short)}`;
}

function contactsOf(d: Deployment): string {
  const words = contactsWords(d);
  return words === '' ? '' : `\n${words}`;
}
