/** What a deployment that has not started waits for, in one phrase, and what comes when it has it. */

import { waitsForChangeRequest } from '../src/deployment/approval/change-request.ts';
import { blockingSignOffs } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { missingBefore, openGates, openOfTheirOwn } from '../src/deployment/readiness/readiness.ts';
import { expiresAt } from '../src/deployment/start/expiry.ts';
import { dateTime, listOf, plural } from './text.ts';

/** `Waiting for 2 of 3 sign-offs, 1 gate and 2 checklist items` */
export function waitingWords(d: Deployment): string {
  const missing = missingWords(d, (signOffs) => {
    const all = d.terms.required.length;
    return `${signOffs} of ${plural(all, 'sign-off')}`;
  });
  if (missing.length > 0) return `Waiting for ${listOf(missing)}`;
  return d.terms.required.length === 0 ? 'No sign-off needed' : 'All sign-offs are in';
}

/** `waits for 2 sign-offs, 1 gate and 2 checklist items`, for a row of a list. */
export function waitsWords(d: Deployment): string {
  const missing = missingWords(d, (signOffs) => plural(signOffs, 'sign-off'));
  return missing.length === 0 ? 'about to be scheduled' : `waits for ${listOf(missing)}`;
}

function missingWords(d: Deployment, signOffWords: (missing: number) => string): string[] {
  const signOffs = blockingSignOffs(d).length;
  const gates = openGates(d, 'start').length;
  const items = openOfTheirOwn(d, 'start').length;
  return [
    ...(signOffs === 0 ? [] : [signOffWords(signOffs)]),
    ...(gates === 0 ? [] : [plural(gates, 'gate')]),
    ...(items === 0 ? [] : [plural(items, 'checklist item')]),
    ...(waitsForChangeRequest(d) ? ['the change request'] : []),
  ];
}

/** `starts today at 14:00`, or what it starts after. */
export function startsWords(d: Deployment): string {
  const { start } = d.terms.envelope;
  if (start.kind === 'at') return `starts ${dateTime(start.at)}`;
  return missingBefore(d, 'start').length === 0
    ? 'starts as soon as all have said go'
    : 'starts as soon as all that it needs is there';
}

/** What ends it if nobody does anything. */
export function expiryWords(d: Deployment): string {
  const unless =
    missingBefore(d, 'start').length === 0 ? 'all have said go' : 'all that it needs is there by then';
  return `Expires ${dateTime(expiresAt(d))} unless ${unless}`;
}
