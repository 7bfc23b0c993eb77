/** What the world must be told after an event: commands to the backend, and messages that show it. */

import type { Deployment, PersonRef } from './deployment.ts';
import { type Effect, type LiveMessage, messageKey } from './effects.ts';
import type { DeploymentEvent, EventType } from './events.ts';
import { shortNotice } from './notice.ts';
import { currentStep } from './progress.ts';
import { owes } from './sign-offs.ts';

/** Milestones also reach the channel; everything else stays in the thread. */
const BROADCAST: ReadonlySet<EventType> = new Set(['started', 'verified', 'rolled_back', 'rollback_failed']);
/** Seen on the card and in the stage's report, not worth a line of its own. */
const WITHOUT_NOTE: ReadonlySet<EventType> = new Set([
  'looked',
  'step_completed',
  'scheduled',
  'verification_started',
  // Told to the person privately (CH-6).
  'attempt_refused',
  'rollback_repeated',
  'backend_recovered',
  'reminded',
]);
/** Change what an approver is asked. */
const ASKS_APPROVERS: ReadonlySet<EventType> = new Set([
  'requested',
  'signed',
  'signed_afterwards',
  'written_up',
  'delegated',
  'sign_offs_expired',
  'revised',
  'scheduled',
  'rejected',
  'expired',
  'cancelled',
]);
/** Change what a stage's report says or offers. */
const ON_STAGE: ReadonlySet<EventType> = new Set([
  'step_started',
  'step_completed',
  'looked',
  'held',
  'resumed',
  'promoted',
  'extended',
  'rollback_started',
  'verification_started',
]);

/** A start that comes sooner than those who must know were promised is worth a line (CM-5). */
function isSaid(d: Deployment, { type }: DeploymentEvent): boolean {
  return !WITHOUT_NOTE.has(type) || (type === 'scheduled' && shortNotice(d) !== undefined);
}

function reachesChannel(event: DeploymentEvent): boolean {
  return BROADCAST.has(event.type) || (event.type === 'overran' && event.level === 'escalated');
}

/** `deployment` is the state after the event. */
export function react(deployment: Deployment, event: DeploymentEvent): Effect[] {
  return [
    ...commands(deployment, event),
    ...messages(deployment, event).map((message) => show(event, message)),
  ];
}

function commands(d: Deployment, event: DeploymentEvent): Effect[] {
  const key = `${event.deployment}:${event.seq}`;
  switch (event.type) {
    case 'rollback_started':
    case 'rollback_repeated':
      return [{ kind: 'roll_back', key, to: event.to }];
    case 'step_started':
    case 'resumed':
      return currentStep(d)?.kind === 'set-weight' && d.step
        ? [{ kind: 'apply', key, step: d.step.index }]
        : [];
    case 'started':
      return [{ kind: 'supersede', key }];
    default:
      return [];
  }
}

function messages(d: Deployment, event: DeploymentEvent): LiveMessage[] {
  const shown: LiveMessage[] = [{ kind: 'card' }];
  if (isSaid(d, event)) shown.push({ kind: 'note', seq: event.seq, broadcast: reachesChannel(event) });
  const stage = d.stages.at(-1);
  if (stage && ON_STAGE.has(event.type)) shown.push({ kind: 'stage', stage: stage.number });
  if (ASKS_APPROVERS.has(event.type) || (event.type === 'started' && owes(d))) {
    shown.push(...asked(d, event).map((user): LiveMessage => ({ kind: 'dm', user })));
    shown.push(...(d.reminders ?? []).flatMap(nudges));
  }
  // The one before gives its buttons up to the new one.
  if (event.type === 'reminded') shown.push(...(d.reminders ?? []).slice(-2).flatMap(nudges));
  if (event.type === 'escalated') shown.push(...nudges({ seq: event.seq, people: event.to }));
  return shown;
}

function nudges({ seq, people }: { seq: number; people: readonly PersonRef[] }): LiveMessage[] {
  return people.map(({ id: user }) => ({ kind: 'nudge', user, seq }));
}

/** Everybody whose direct message an event changes. */
function asked(d: Deployment, event: DeploymentEvent): string[] {
  const approvers = d.required.flatMap((required) => required.asked);
  const released = event.type === 'revised' ? (event.released ?? []) : [];
  // An emergency's write-up is owed by its lead, who is told once it has started.
  const writer = d.startedAt !== undefined && d.approval?.owed?.documentation ? [d.details.lead] : [];
  return [...new Set([...approvers, ...released, ...writer].map(({ id }) => id))];
}

function show(event: DeploymentEvent, message: LiveMessage): Effect {
  return { kind: 'show', key: `${event.deployment}:${messageKey(message)}`, message };
}
