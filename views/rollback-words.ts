/** What the card says of a rollback: where it goes back to, why, how long it took, whom it harmed, and what comes next. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { failedRequests } from '../src/deployment/rollback/what-failed.ts';
import { byName, name } from './deployment-words.ts';
import { wayBackWords } from './step-words.ts';
import { count, duration, inline, listOf, timeOfDay, traffic } from './text.ts';

export const backTo = (d: Deployment): string =>
  d.rollback?.to == null ? 'no version at all' : inline(d.rollback.to, 60);

export function whyBack(d: Deployment): string {
  if (!d.rollback) return 'no reason recorded';
  const by = d.rollback.by.kind === 'person' ? `by ${byName(d.rollback.by)}` : 'by GoNoGo';
  return `${by}: ${inline(d.rollback.reason ?? d.rollback.why, 300) || 'no reason given'}`;
}

/** How it goes back, and how far it is where that takes a while. */
export function wayBackLine(d: Deployment): string[] {
  const left = d.rollback?.left;
  const seen =
    left &&
    ` ${inline(d.terms.envelope.version, 60)} still has ${traffic(left.percent)} of traffic, seen at ${timeOfDay(left.at)}.`;
  const line = `${inline(wayBackWords(d), 200)}${seen ?? ''}`.trim();
  return line === '' ? [] : [line];
}

/** `since 14:09, after 11 s (target 15 min)` (RB-2) */
export function rollbackTime(d: Deployment): string {
  if (d.rollback?.endedAt === undefined) return '';
  const took = d.rollback.endedAt - d.rollback.startedAt;
  const within = d.terms.safeguards.rollbackWithin;
  const late = took > within ? `, over the target of ${duration(within)}` : ` (target ${duration(within)})`;
  return `since ${timeOfDay(d.rollback.endedAt)}, after ${duration(took)}${late}`;
}

/** `About 310 of 9,600 requests to v2.1.1 failed`: for how many. */
export function harmWords(d: Deployment): string[] {
  const harm = failedRequests(d);
  if (harm === undefined) return [];
  return [
    `About ${count(harm.failed)} of ${count(harm.of)} requests to ${inline(d.terms.envelope.version, 60)} failed`,
  ];
}

/** Who looks at why, while nobody has said what happened. */
export function whatNext({ rollout }: Deployment): string[] {
  const open = (rollout?.actionsNeeded ?? []).filter(({ about, done }) => about === 'rollback' && !done);
  const people = new Map(open.flatMap((needed) => needed.people.map((person) => [person.id, name(person)])));
  if (people.size === 0) return [];
  return [
    `${listOf([...people.values()])} ${people.size === 1 ? 'looks' : 'look'} at why, and say what happened.`,
  ];
}

export function stillInWords(d: Deployment, stillIn: readonly string[] = []): string[] {
  if (stillIn.length === 0) return [];
  const places = listOf(stillIn.map((one) => inline(one, 40)));
  return [`${inline(d.terms.envelope.version, 60)} still runs in ${places}`];
}
