/** How it ends, in its thread: complete, all clear, handed over or back, and how long that took. */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { EventOf } from '../src/deployment/evolver.ts';
import { name, release } from './deployment-words.ts';
import { signalLines } from './signal-words.ts';
import { because, duration, inline } from './text.ts';
import { verificationLine } from './verification.ts';

export function tookWords(d: Deployment): string {
  if (d.rollout?.startedAt === undefined || d.rollout?.completedAt === undefined) return '';
  return `, after ${duration(d.rollout?.completedAt - d.rollout?.startedAt)}`;
}

export function rollbackTook(d: Deployment, at: number): string {
  if (!d.rollback) return '';
  return `, after ${duration(at - d.rollback.startedAt)} (target ${duration(d.terms.safeguards.rollbackWithin)})`;
}

export function allClearWords(d: Deployment, { withheld, at }: EventOf<'all_clear'>): string {
  const since = duration(at - (d.rollout?.completedAt ?? at));
  const what =
    withheld === undefined
      ? `🟢 All clear: ${release(d)} is complete for ${since} and nothing fired`
      : `🟡 No all-clear ${since} after ${release(d)} was complete: ${inline(withheld, 300)}. It stays watched`;
  return [what, verificationLine(d), ...signalLines(d)].filter(Boolean).join('\n');
}

export function handOverWords(d: Deployment, e: EventOf<'handed_over'>): string {
  if (e.supersededBy !== undefined) return `Handed over: ${inline(e.supersededBy, 40)} takes its place`;
  if (e.by.kind === 'person') return `Handed over by ${name(e.by)}${because(e.reason)}`;
  const begun = d.rollout?.finalWatch?.handingOver;
  if (begun !== undefined)
    return `Handed over${begun.by.kind === 'person' ? ` by ${name(begun.by)}` : ''}: ${inline(d.previous ?? 'what was there before', 60)} is taken down`;
  const { observeFor } = d.terms.safeguards;
  const watched = `✅ Handed over: watched for ${duration(observeFor)} without trouble`;
  return [watched, verificationLine(d), ...signalLines(d)].filter(Boolean).join('\n');
}
