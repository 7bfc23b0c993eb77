/** A rollout that takes longer than planned, in words: since when, by how much, and what can be done (WN-6). */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent } from '../src/deployment/events.ts';
import { CAN_HOLD } from '../src/deployment/lifecycle.ts';
import { plannedEnd } from '../src/deployment/rollout/overrun.ts';
import { plannedDuration } from '../src/terms/plan.ts';
import { leadOrOnCall, release, title } from './deployment-words.ts';
import { ago, dateTime, duration, listOf, mention, timeOfDay } from './text.ts';

type Overran = Extract<DeploymentEvent, { type: 'overran' }>;

/** The card's line; none where it is in its time, or nobody was warned yet. */
export function overrunLine(d: Deployment): string[] {
  const { rollout } = d;
  if (rollout?.overrun === undefined || !(d.status === 'held' || CAN_HOLD.has(d.status))) return [];
  const end = plannedEnd(d);
  // Nothing here knows what time it is: what somebody extended since may be over as well by now.
  return end !== undefined && end.at > rollout.overrun.plannedUntil
    ? [
        `⏰ Ran over its plan at ${timeOfDay(rollout.overrun.plannedUntil)}, extended until ${timeOfDay(end.at)}`,
      ]
    : [
        `⏰ Running over: planned until ${timeOfDay(rollout.overrun.plannedUntil)}, ${ago(rollout.overrun.plannedUntil)}`,
      ];
}

export function overrunNote(d: Deployment, event: Overran): string {
  const over = duration(event.at - event.plannedUntil);
  const done = 'On the card: promote it, resume it or roll it back. Time alone rolls nothing back.';
  if (event.level === 'warned')
    return [
      `⏰ ${title(d)} takes longer than planned: ${plannedWords(d, event)}, over by ${over}`,
      `${leadOrOnCall(d)}: decide how it goes on. ${done}`,
    ].join('\n');
  const told = listOf((event.to ?? []).map(mention));
  return [
    `⏰ ${title(d)} is still running over: ${plannedWords(d, event)}, over by ${over}${warned(d)}`,
    `${told}: nobody has ended it. ${done}`,
  ].join('\n');
}

const warned = ({ rollout }: Deployment): string =>
  rollout?.overrun?.warnedAt === undefined
    ? ''
    : ` · its lead and on-call were told at ${timeOfDay(rollout.overrun.warnedAt)}`;

const PLANNED: Record<Overran['because'], (d: Deployment) => string> = {
  plan: (d) => `its plan takes ${duration(plannedDuration(d.terms.envelope.plan))}`,
  target: (d) => `a rollout may take ${duration(d.terms.safeguards.overrun?.within ?? 0)}`,
  window: () => 'its window closed then',
};

/** `started 11:00 today, planned until 14:30 today (its plan takes 3 h 30 min)` */
function plannedWords(d: Deployment, { plannedUntil, because }: Overran): string {
  const longer =
    !d.rollout?.extendedBy || because === 'window' ? '' : `, ${duration(d.rollout.extendedBy)} longer`;
  return `started ${started(d)}, planned until ${dateTime(plannedUntil)} (${PLANNED[because](d)}${longer})`;
}

const started = ({ rollout }: Deployment): string =>
  rollout === undefined ? 'some time ago' : dateTime(rollout.startedAt);

/** In Details: when it should be through, and who hears of it where it is not. */
export function plannedEndWords(d: Deployment): string[] {
  const { overrun } = d.terms.safeguards;
  if (overrun === undefined) return [];
  const end = plannedEnd(d);
  const when =
    end === undefined
      ? ''
      : `All traffic is planned to have moved by ${dateTime(end.at)}${end.because === 'window' ? ', when its window closes' : ''}. `;
  const late =
    overrun.within === undefined
      ? `${duration(overrun.grace)} after its planned end`
      : `${duration(overrun.within)} after its start`;
  const then =
    overrun.escalateAfter === undefined ? '' : `, the escalation ${duration(overrun.escalateAfter)} later`;
  return [`${when}If ${release(d)} is not through ${late}, its lead and on-call are told${then}.`];
}
