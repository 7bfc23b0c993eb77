/** What keeps a deployment from starting, in words, and who can clear it. */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { EventOf } from '../src/deployment/evolver.ts';
import { waitsAfterRollback, waitsForSigners } from '../src/deployment/start/waiting.ts';
import { leadOrOnCall } from './deployment-words.ts';
import { dateTime, inline, mention, momentsIn } from './text.ts';

/** What keeps it from starting, and when that ends if nobody does anything. */
export function blockerLines(d: Deployment): string[] {
  const { waiting } = d.start;
  if (waiting === undefined) return [];
  const lines = waiting.for.slice(0, 5).map(({ says }) => `⏳ Waits: ${momentsIn(inline(says, 400))}`);
  const end =
    waiting.until === undefined ? 'It starts when that has ended' : `It can start ${dateTime(waiting.until)}`;
  if (waitsForSigners(d))
    return [...lines, 'It starts when Slack says so, and is asked for every half minute.'];
  if (waitsAfterRollback(d))
    return [
      ...lines,
      `${leadOrOnCall(d)} must decide: start it in spite of that (in the menu), change it, or cancel it.`,
    ];
  const onCall = waiting.for.some(({ kind }) => kind === 'on_call');
  if (onCall) return [...lines, 'It starts when somebody is on call. Name another with Change… in the menu.'];
  const bake = waiting.for.find(({ kind }) => kind === 'bake');
  if (bake !== undefined)
    return [
      ...lines,
      bake.until === undefined
        ? `${leadOrOnCall(d)} must decide: change it to another version or cancel it. What cannot wait is an emergency change.`
        : `${end}. What cannot wait for that is an emergency change.`,
    ];
  return [...lines, `${end}, or sooner where somebody clears the way.`];
}

/** Who is to act in the thread, where time alone does not clear it. */
export function whoClearsIt(d: Deployment, { blockers }: EventOf<'start_delayed'>): string {
  if (blockers.some(({ kind }) => kind === 'rolled_back'))
    return `\n${leadOrOnCall(d)}: it does not start by itself after that. Start it in spite of it from the menu of the card, change it, or cancel it.`;
  if (blockers.some(({ kind, until }) => kind === 'bake' && until === undefined))
    return `\n${mention(d.terms.details.lead)}: it does not start as long as that is so. Change it to another version or cancel it, from its card; what cannot wait is an emergency change.`;
  return blockers.some(({ kind }) => kind === 'on_call')
    ? `\n${mention(d.terms.details.lead)}: name another on-call with Change… in the menu of the card. It starts when somebody is on call.`
    : '';
}
