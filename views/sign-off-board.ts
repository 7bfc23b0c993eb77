/** The board of sign-offs: role by role who said what and when, and who is waited for (K-4); who is has a message of their own. */

import { asksApprovers } from '../src/deployment/approval/change-request.ts';
import { goesFor, isFilled, whoCanSign } from '../src/deployment/approval/sign-offs.ts';
import type { SignOff } from '../src/deployment/approval/state.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { deadEndOf } from '../src/deployment/nobody-can-end.ts';
import type { RequiredSignOff } from '../src/terms/approval.ts';
import { beforeChangeRequest } from './change-request-words.ts';
import { name } from './deployment-words.ts';
import { deadEndWords, stuckPairLines, wayOutWords } from './stuck-words.ts';
import { inline, listOf, timeOfDay } from './text.ts';

/** More roles than this are counted, not drawn. */
const MAX_ROLES = 10;

export function boardLines(d: Deployment): string[] {
  const lines = d.terms.required.slice(0, MAX_ROLES).flatMap((required) => roleLines(d, required));
  const rest = d.terms.required.length - MAX_ROLES;
  return [...lines, ...(rest > 0 ? [`and ${rest} more roles`] : []), ...stuckPairLines(d)];
}

function roleLines(d: Deployment, required: RequiredSignOff): string[] {
  const role = inline(required.name, 40);
  const goes = goesFor(d, required.role);
  const noGo = d.approval.signOffs.findLast(
    ({ role: of, decision }) => of === required.role && decision === 'no_go',
  );
  if (noGo) return [`⛔ *${role}* · no-go from ${signed(noGo)}`];
  if (isFilled(d, required)) return [`✅ *${role}* · go from ${goes.slice(0, 5).map(signed).join(', ')}`];
  const quorum = required.quorum > 1 ? ` · ${goes.length} of ${required.quorum} given` : '';
  const soFar = goes.length === 0 ? '' : ` · go from ${listOf(goes.map(({ person }) => name(person)))}`;
  const waiting = `⏳ *${role}*${quorum}${soFar} · ${waitedFor(d, required)}`;
  const fell = d.approval.signOffs.findLast(
    (signOff) => signOff.role === required.role && signOff.fallen !== undefined,
  );
  return [
    waiting,
    ...(fell ? [`      ${name(fell.person)}'s go fell: ${inline(fell.fallen ?? '', 120)}`] : []),
  ];
}

/** Who signed before they could read what they sign is marked. */
function signed({ person, at, unread }: SignOff): string {
  const before = unread === undefined ? '' : ` (${beforeChangeRequest(unread.parts)})`;
  return `${name(person)} at ${timeOfDay(at)}${before}`;
}

function waitedFor(d: Deployment, required: RequiredSignOff): string {
  const people = whoCanSign(d, required);
  const end = deadEndOf(d, required);
  const waits = asksApprovers(d)
    ? `waiting for ${listOf(people.map(name), 'or')}`
    : `${listOf(people.map(name), 'or')} ${people.length === 1 ? 'is' : 'are'} asked once the change request is there`;
  if (end === undefined) return people.length === 0 ? 'nobody who may sign holds this role' : waits;
  return [...(people.length === 0 ? [] : [waits]), `⚠️ ${deadEndWords(end)}. ${wayOutWords(end)}`].join(' · ');
}
