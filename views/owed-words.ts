/** What an emergency owes once it has started without its sign-offs, in words (CH-1). */

import {
  owedSignOffs,
  owedUntil,
  owes,
  owesChangeRequest,
  owesWriteUp,
  whoCanSign,
} from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { changeRequestId, name } from './deployment-words.ts';
import { owedReviewWords } from './review-words.ts';
import { dateTime, inline, listOf } from './text.ts';

/** That, and the review of its rollback. */
export function allOwedWords(d: Deployment): string {
  return [owedWords(d), owedReviewWords(d)].filter(Boolean).join('; ');
}

/** `Security (Sana), Operations (Omar) · a write-up by Dana · due tomorrow at 14:00`; empty where nothing is owed. */
export function owedWords(d: Deployment): string {
  if (!owes(d)) return '';
  const roles = owedSignOffs(d).map((required) => {
    const who = listOf(whoCanSign(d, required).map(name), 'or');
    return `${inline(required.name, 40)} (${who === '' ? 'nobody who may sign holds this role' : who})`;
  });
  const until = owedUntil(d);
  return [
    ...(roles.length === 0 ? [] : [listOf(roles, 'and', 8)]),
    ...(owesWriteUp(d) ? [`a write-up by ${name(d.terms.details.lead)}`] : []),
    ...(owesChangeRequest(d)
      ? [`change request ${changeRequestId(d)} by ${name(d.terms.details.lead)}`]
      : []),
    ...(until === undefined ? [] : [`due ${dateTime(until)}`]),
  ].join(' · ');
}
