/** The plan with its clock times, as the rehearsal reached them: the third part of a dry run. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { isReady } from '../src/deployment/readiness/readiness.ts';
import type { Rehearsal } from '../src/deployment/rehearsal/rehearsal.ts';
import { stagesBegun } from '../src/deployment/rollout/progress.ts';
import type { StageRecord } from '../src/deployment/rollout/state.ts';
import { planWords } from './deployment-words.ts';
import type { Following } from './following.ts';
import type { LiveContext } from './live-message.ts';
import { guardedOf, guardLines } from './rule-words.ts';
import { dateTime, duration, inline, plural, timeOfDay, traffic } from './text.ts';

/** More stages than this are folded in their middle. */
const MAX_STAGES = 12;
const SHOWN_FIRST = 9;

export function planLines(
  { deployment: d, rehearsal, blockers }: Following,
  { policy }: LiveContext,
): string[] {
  const { end, stopped } = rehearsal;
  const { plan } = d.terms.envelope;
  const { safeguards } = d.terms;
  return [
    planWords(plan, policy.strategies.get(plan.strategy)?.name),
    startWords(d, end, blockers.length > 0),
    ...folded(stagesBegun(end).map((stage) => stageWords(stage, looksIn(rehearsal, stage)))),
    ...(end.rollout?.completedAt === undefined
      ? []
      : [
          `✅ Complete ${dateTime(end.rollout?.completedAt)}, after ${duration(end.rollout?.completedAt - (end.rollout?.startedAt ?? end.rollout?.completedAt))}`,
          `👀 Watched for ${duration(safeguards.observeFor)} · a look every ${duration(safeguards.observeEvery)}`,
        ]),
    ...(end.status === 'handed_over' && end.ending?.at !== undefined
      ? [`🤝 Handed over ${dateTime(end.ending?.at)}`]
      : []),
    ...(stopped === undefined ? [] : [`⚠️ It does not come to its hand-over: ${inline(stopped, 400)}`]),
  ];
}

/** What ends it, by itself or at a click. */
export function careLines(d: Deployment): string[] {
  const [back = '', holds = '', ...others] = guardLines(guardedOf(d));
  return [
    `⏪ ${back}.`,
    `✋ ${holds}.`,
    ...others.map((line) => `📏 ${line}.`),
    `🕒 A rollback is one click at any moment of it, and should take under ${duration(d.terms.safeguards.rollbackWithin)}.`,
  ];
}

function startWords(d: Deployment, end: Deployment, blocked: boolean): string {
  if (end.rollout?.startedAt === undefined) return '⚠️ It does not start.';
  const { start } = d.terms.envelope;
  if (start.kind === 'at') return `🚀 Starts ${dateTime(end.rollout?.startedAt)}`;
  const atOnce = end.rollout?.startedAt <= d.requestedAt;
  if (!atOnce)
    return `🚀 Starts ${dateTime(end.rollout?.startedAt)} at the earliest, as soon as nothing is in its way`;
  if (blocked || !isReady(d))
    return '🚀 Starts as soon as all that it needs is there · the times are those of a start now';
  return '🚀 Starts at once';
}

function stageWords(stage: StageRecord, looks: number): string {
  const { number, percent, startedAt, watchedSince, endedAt } = stage;
  const watched = watchedSince !== undefined && looks > 0;
  const until = endedAt === undefined ? '' : ` – ${timeOfDay(endedAt)}`;
  const evidence = watched
    ? `watched ${duration((endedAt ?? watchedSince) - watchedSince)}, ${plural(looks, 'look')}`
    : 'no watch of its own';
  return `*${number}*  ${traffic(percent)}  ·  ${watched ? `${dateTime(startedAt)}${until}` : dateTime(startedAt)}  ·  ${evidence}`;
}

/** Looks from the stage's beginning to its end. */
function looksIn({ steps }: Rehearsal, { startedAt, endedAt }: StageRecord): number {
  return steps.filter(
    ({ at, events }) =>
      at > startedAt && at <= (endedAt ?? at) && events.some(({ type }) => type === 'looked'),
  ).length;
}

function folded(lines: readonly string[]): string[] {
  if (lines.length <= MAX_STAGES) return [...lines];
  const last = MAX_STAGES - SHOWN_FIRST;
  const hidden = lines.length - SHOWN_FIRST - last;
  return [...lines.slice(0, SHOWN_FIRST), `…  ${plural(hidden, 'stage')} between`, ...lines.slice(-last)];
}
