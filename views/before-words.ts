/** What runs now, what is different in the version that is asked for, and how far that has come: for who signs it (K-4, K-11). */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { CameFrom } from '../src/terms/before.ts';
import { changedWords } from './changes-words.ts';
import { ago, dateTime, inline, momentsIn } from './text.ts';

export function beforeLines(d: Deployment): string[] {
  return [runningWords(d), changedWords(d), cameFromWords(d)].filter(Boolean);
}

function runningWords({ previous, terms: { before, envelope } }: Deployment): string {
  const where = inline(envelope.environment, 40);
  if (previous === null) return `Nothing runs in ${where} yet, as far as is known`;
  const since = before?.runningSince === undefined ? '' : ` since ${dateTime(before.runningSince)}`;
  return `Runs in ${where} now: ${inline(previous, 60)}${since}`;
}

/** Of another version it says nothing. */
function cameFromWords({ terms: { before, envelope } }: Deployment): string {
  if (before?.cameFrom === undefined || before.version !== envelope.version) return '';
  const { cameFrom } = before;
  return (
    inEnvironmentBefore(cameFrom) ??
    `⚠️ ${inline(envelope.version, 60)} had not completed in ${inline(cameFrom.environment, 40)} when it was asked for`
  );
}

/** Since when it is there and how long it bakes; undefined where it never completed there. */
export function inEnvironmentBefore({ environment, since, bakesUntil, stops }: CameFrom): string | undefined {
  if (stops !== undefined) return `⚠️ ${momentsIn(inline(stops, 400))}`;
  if (since === undefined) return undefined;
  const bakes = bakesUntil === undefined ? '' : `, bakes until ${dateTime(bakesUntil)}`;
  return `In ${inline(environment, 40)} since ${dateTime(since)} (${ago(since)})${bakes}`;
}
