/** Who said go or no-go, who is asked again, and what an emergency still owes. */

import {
  missingSignOffs,
  owes,
  owesChangeRequest,
  owesWriteUp,
} from '../../src/deployment/approval/sign-offs.ts';
import type { Fall } from '../../src/deployment/approval/state.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { EventOf } from '../../src/deployment/evolver.ts';
import { partsWords } from '../change-request-words.ts';
import { byName, changeRequestId, leadOrOnCall, name } from '../deployment-words.ts';
import { stuckLines } from '../stuck-words.ts';
import { because, inline, listOf, mention, quote } from '../text.ts';
import { SILENT, type SomeNotes } from './note.ts';

export const APPROVAL_NOTES = {
  signed: (d, e) =>
    e.decision === 'go'
      ? `✅ Go from ${byName(e.by)} as ${roleName(d, e.role)}`
      : `⛔ No-go from ${byName(e.by)} as ${roleName(d, e.role)}${because(e.reason)}\n${mention(d.requestedBy)}: it ends here. Change what it needs, then deploy it again from the card.`,
  signed_afterwards: (d, e) =>
    e.decision === 'go'
      ? `✅ Go afterwards from ${byName(e.by)} as ${roleName(d, e.role)}${settled(d)}`
      : `⛔ No-go afterwards from ${byName(e.by)} as ${roleName(d, e.role)}${because(e.reason)}\n${leadOrOnCall(d)} must decide whether it stays.`,
  written_up: (d, e) => `${byName(e.by)} wrote it up: ${quote(e.text, 500)}${settled(d)}`,
  delegated: (d, e) => `${byName(e.by)} has ${name(e.to)} sign as ${roleName(d, e.role)} in their place`,
  question_asked: (_d, e) =>
    `❓ ${byName(e.by)} asks ${mention(e.to)}: ${quote(e.question, 500)}\n${name(e.to)}: answer here, and mention ${byName(e.by)} so that it reaches them.`,
  reminded: SILENT,
  escalated: (d, e) => `${inline(e.role, 40)} was told that ${missingWords(d)} still missing`,
  got_stuck: (d, e) =>
    `⚠️ It can't start as it is. ${name(d.terms.details.lead)}:\n${stuckLines(e.on).join('\n')}`,
  sign_offs_expired: (d, e) =>
    `The go of ${listOf(e.roles.map((role) => roleName(d, role)))} was given too long ago and fell; it is asked for again`,
  sign_off_withdrawn: (d, e) =>
    `↩️ ${byName(e.by)} withdrew their go as ${roleName(d, e.role)}; it is asked for again`,
  sign_offs_lost: (d, e) =>
    `⚠️ It can't start: ${goesOf(d, e.falls)} ${e.falls.length === 1 ? 'does' : 'do'} not count any more and ${e.falls.length === 1 ? 'is' : 'are'} asked for again. ${name(d.terms.details.lead)} sees that somebody in the role signs.`,
  change_request_written: (d, e) => changeRequestWords(d, e),
  // Said by the no-go itself.
  rejected: SILENT,
} satisfies SomeNotes;

function roleName(d: Deployment, role: string): string {
  return inline(d.terms.required.find((required) => required.role === role)?.name ?? role, 40) || 'approver';
}

export function goesOf(d: Deployment, falls: readonly Fall[]): string {
  const goes = falls.map(
    ({ role, person, why }) => `${name(person)} as ${roleName(d, role)} (${inline(why, 120)})`,
  );
  return `the go of ${listOf(goes)}`;
}

const settled = (d: Deployment): string => (owes(d) ? '' : ' · nothing is owed any more');

function missingWords(d: Deployment): string {
  const roles = missingSignOffs(d).map((required) => inline(required.name, 40) || required.role);
  if (roles.length === 0)
    return owesChangeRequest(d) && !owesWriteUp(d) ? 'its change request is' : 'its write-up is';
  return `${roles.length === 1 ? 'the go' : 'the goes'} of ${listOf(roles)} ${roles.length === 1 ? 'is' : 'are'}`;
}

/** The first one stands in the thread itself, and needs no line but where it settles what was owed. */
function changeRequestWords(d: Deployment, e: EventOf<'change_request_written'>): string | undefined {
  const id = changeRequestId(d);
  if (e.changed !== undefined)
    return `${byName(e.by)} changed change request ${id}: ${partsWords(e.changed)}`;
  const owed = d.rollout?.startedAt !== undefined && e.at >= d.rollout?.startedAt;
  return owed ? `${byName(e.by)} wrote change request ${id}${settled(d)}` : undefined;
}
