/** What the world must be told after an event: commands to the backend, and messages that show it. */

import type { PersonRef } from '../terms/person.ts';
import { hasToBeWritten, owes, standingGoes } from './approval/sign-offs.ts';
import type { Deployment } from './deployment.ts';
import { type Effect, type LiveMessage, messageKey } from './effects.ts';
import type { DeploymentEvent, EventType } from './events.ts';
import { NOT_STARTED } from './lifecycle.ts';
import { tickedWith } from './readiness/readiness.ts';
import { shortNotice } from './request/notice.ts';
import { currentStep, rolloutOf } from './rollout/progress.ts';
import type { ActionNeeded } from './rollout/state.ts';
import { meaningOf } from './rollout/steps.ts';

/** Milestones also reach the channel; everything else stays in the thread. */
const BROADCAST: ReadonlySet<EventType> = new Set([
  'started',
  'held',
  'verified',
  'rolled_back',
  'rollback_failed',
  'artifact_refused',
  'other_build_registered',
]);
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
  'change_request_written',
  'revised',
  'scheduled',
  'rejected',
  'expired',
  'cancelled',
]);
/** Change what an approver reads of the gates, as long as it has not started. */
const SHOWN_TO_APPROVERS: ReadonlySet<EventType> = new Set(['gate_reported', 'evidence_expired', 'reopened']);
/** Change what a stage's report says or offers. */
const ON_STAGE: ReadonlySet<EventType> = new Set([
  'step_started',
  'step_completed',
  'looked',
  'held',
  'resumed',
  'promoted',
  'hold_explained',
  'extended',
  'rollback_started',
  'verification_started',
]);

/** Begin or end that somebody must act. */
const ON_ACTION_NEEDED: ReadonlySet<EventType> = new Set([
  'held',
  'hold_explained',
  'resumed',
  'promoted',
  'rollback_started',
  'rollback_explained',
  'rolled_back',
  'rollback_failed',
]);

/** Change the approvers' table of the change request, or what it repeats of the deployment. */
const ON_CHANGE_REQUEST: ReadonlySet<EventType> = new Set([
  'change_request_written',
  'signed',
  'signed_afterwards',
  'delegated',
  'sign_offs_expired',
  'revised',
  'started',
  'rejected',
  'expired',
  'cancelled',
]);

/** What an observation that is not settled asks for, and what ends it. */
const ON_DECISION: ReadonlySet<EventType> = new Set([
  'observation_unsettled',
  'handed_over',
  'rollback_started',
]);

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
      return isCommanded(d) ? [{ kind: 'apply', key, step: rolloutOf(d).step.index }] : [];
    case 'started':
      return [{ kind: 'supersede', key }];
    default:
      return [];
  }
}

function isCommanded(d: Deployment): boolean {
  const step = currentStep(d);
  return step !== undefined && meaningOf(step).command;
}

function messages(d: Deployment, event: DeploymentEvent): LiveMessage[] {
  const shown: LiveMessage[] = [{ kind: 'card' }];
  if (isWorthALine(d, event)) shown.push({ kind: 'note', seq: event.seq, broadcast: reachesChannel(event) });
  if (d.evidence.changeRequest !== undefined && ON_CHANGE_REQUEST.has(event.type))
    shown.push({ kind: 'change_request' });
  const stage = d.rollout?.stages.at(-1);
  if (stage && ON_STAGE.has(event.type)) shown.push({ kind: 'stage', stage: stage.number });
  if (changesWhatIsAsked(d, event)) {
    shown.push(...asked(d).map((user): LiveMessage => ({ kind: 'dm', user })));
    shown.push(...d.approval.reminders.flatMap(nudges));
  }
  // The one before gives its buttons up to the new one.
  if (event.type === 'reminded') shown.push(...d.approval.reminders.slice(-2).flatMap(nudges));
  // To whoever must decide, and once more when they have.
  const unsettled = d.rollout?.finalWatch?.unsettled;
  if (unsettled !== undefined && ON_DECISION.has(event.type))
    shown.push(...nudges({ seq: unsettled.seq, people: [d.terms.details.lead] }));
  if (event.type === 'calendar_overridden') shown.push(...nudges({ seq: event.seq, people: event.told }));
  if (event.type === 'escalated') shown.push(...nudges({ seq: event.seq, people: event.to }));
  if (ON_ACTION_NEEDED.has(event.type))
    shown.push(...(d.rollout?.actionsNeeded ?? []).slice(-2).flatMap(callsFor(event)));
  return shown;
}

/** A post of its own and a direct message, because an update notifies nobody; both are updated when it is done. */
function callsFor(event: DeploymentEvent): (needed: ActionNeeded) => LiveMessage[] {
  return (needed) => [
    ...(needed.seq === event.seq
      ? []
      : [{ kind: 'note' as const, seq: needed.seq, broadcast: needed.about === 'hold' }]),
    ...nudges(needed),
  ];
}

/** A pipeline's passing gates stand on the card, and what one person ticks at once is one line. */
function isWorthALine(d: Deployment, event: DeploymentEvent): boolean {
  if (event.type === 'gate_reported') return !event.passed;
  if (event.type === 'item_ticked') {
    const [first] = tickedWith(d, event);
    return first?.item === event.item && first.role === event.role;
  }
  // A start that comes sooner than those who must know were promised (CM-5).
  if (event.type === 'scheduled') return shortNotice(d) !== undefined;
  return !WITHOUT_NOTE.has(event.type);
}

function changesWhatIsAsked(d: Deployment, { type }: DeploymentEvent): boolean {
  if (SHOWN_TO_APPROVERS.has(type)) return NOT_STARTED.has(d.status);
  return ASKS_APPROVERS.has(type) || (type === 'started' && (owes(d) || wasUnread(d)));
}

function nudges({ seq, people }: { seq: number; people: readonly PersonRef[] }): LiveMessage[] {
  return people.map(({ id: user }) => ({ kind: 'nudge', user, seq }));
}

/** A message of theirs offers what is no longer possible once it has started. */
function wasUnread(d: Deployment): boolean {
  return standingGoes(d).some(({ unread }) => unread !== undefined);
}

/** Everybody whose direct message an event changes. */
function asked(d: Deployment): string[] {
  const approvers = d.terms.required.flatMap((required) => required.asked);
  // What an emergency owes in writing is its lead's, who is told once it has started.
  const writer = hasToBeWritten(d) ? [d.terms.details.lead] : [];
  return [...new Set([...approvers, ...writer].map(({ id }) => id))];
}

function show(event: DeploymentEvent, message: LiveMessage): Effect {
  return { kind: 'show', key: `${event.deployment}:${messageKey(message)}`, message };
}
