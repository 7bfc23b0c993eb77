/** What somebody else changed behind GoNoGo's back, and what can be done about it; nothing of it is put right by itself. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { leadOrOnCall, release } from './deployment-words.ts';
import { inline, timeOfDay, traffic } from './text.ts';

const version = (one: string | null): string => inline(one ?? 'nothing', 60);

/** The line of the thread, and of the channel. */
export function driftNote(d: Deployment, { was, runs }: { was: string | null; runs: string | null }): string {
  return `⚠️ ${version(runs)} runs in ${inline(d.terms.envelope.environment, 40)}, and ${version(was)} did when ${release(d)} was asked for: somebody else deployed there. It does not start.\n${leadOrOnCall(d)}: ${choices(runs)}`;
}

/** On the card, while it waits for that. */
export function driftLines(d: Deployment): string[] {
  const { drift } = d.start;
  if (d.status !== 'scheduled' || drift === undefined) return [];
  return [
    `⚠️ Waits since ${timeOfDay(drift.since)}: ${version(drift.runs)} runs there, and ${version(d.previous)} did when it was asked for. ${leadOrOnCall(d)} must decide: ${choices(drift.runs)}`,
  ];
}

function choices(runs: string | null): string {
  return `start from ${version(runs)}, which a rollback then goes back to; or cancel it. It starts by itself where what ran before runs again.`;
}

/** Where it is held for it: what resuming does then. */
export function heldForDrift(d: Deployment): string {
  return d.rollout?.hold?.drift === true
    ? ' Resuming tells the backend its share again and watches it from the beginning; promoting goes on from what is there.'
    : '';
}

/** Where it stays while people decide: somebody else may have given it another share than it was told. */
export function staysWhere({ rollout }: Deployment): string {
  return rollout?.hold?.drift === true
    ? 'is left as it is'
    : `stays at ${traffic(rollout?.stages.at(-1)?.percent ?? 0)}`;
}
