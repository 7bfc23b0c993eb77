/** What the world must be told after an event: commands to the backend, and messages that show it. */

import { asksApprovers } from './approval/change-request.ts';
import { hasToBeWritten } from './approval/sign-offs.ts';
import type { Deployment } from './deployment.ts';
import { wentBackAsDrill } from './drill/drill.ts';
import { type Effect, type LiveMessage, messageKey } from './effects.ts';
import type { DeploymentEvent } from './events.ts';
import type { Notice } from './notices.ts';
import { notifyEffects } from './paging/notify.ts';
import { currentStep, rolloutOf, stepAtHandOver } from './rollout/progress.ts';
import { isForBackend } from './rollout/steps.ts';
import { newsOf, surfacesOf } from './surfaces.ts';

/** `deployment` is the state after the event. */
export function react(deployment: Deployment, event: DeploymentEvent): Effect[] {
  return [
    ...commands(deployment, event),
    ...notifyEffects(deployment, event),
    ...messages(deployment, event).map((message) => show(deployment, event, message)),
  ];
}

function commands(d: Deployment, event: DeploymentEvent): Effect[] {
  const key = `${event.deployment}:${event.seq}`;
  switch (event.type) {
    case 'rollback_started':
    case 'taken_back':
      return [{ kind: 'roll_back', key, to: event.to }, ...further(d, key)];
    case 'rollback_repeated':
      return [{ kind: 'roll_back', key, to: event.to }];
    case 'step_started':
    case 'resumed':
      return isCommanded(d) ? [{ kind: 'apply', key, step: rolloutOf(d).step.index }] : [];
    case 'smoke_started':
      return runsTests(d) ? [{ kind: 'smoke', key, run: event.seq }] : [];
    case 'hand_over_started':
      return [{ kind: 'apply', key, step: stepToHandOver(d) }];
    case 'started':
      return [{ kind: 'supersede', key }];
    default:
      return [];
  }
}

/** What goes back as a drill says nothing against the version elsewhere. */
const further = (d: Deployment, key: string): Effect[] =>
  wentBackAsDrill(d) ? [] : [{ kind: 'stop_further', key: `${key}:further` }];

/** Whether some of the tests are GoNoGo's own. */
function runsTests({ terms, smoke }: Deployment): boolean {
  return (terms.smoke?.tests ?? []).some(({ id, by }) => by === 'gonogo' && smoke?.tests.includes(id));
}

function stepToHandOver(d: Deployment): number {
  const last = stepAtHandOver(d);
  if (last === undefined) throw new Error(`${d.id} has nothing to do before its hand-over`);
  return last.index;
}

function isCommanded(d: Deployment): boolean {
  const step = currentStep(d);
  return step !== undefined && isForBackend(step);
}

function messages(d: Deployment, event: DeploymentEvent): LiveMessage[] {
  const { note, stage, approvers, changeRequest, notices } = surfacesOf(event);
  const line = typeof note === 'function' ? note(d, event) : note;
  const number = stage && d.rollout?.stages.at(-1)?.number;
  const only = typeof approvers === 'object' ? approvers.only(d, event) : undefined;
  const asks = typeof approvers === 'function' ? approvers(d) : approvers !== undefined;
  return [
    { kind: 'card' },
    ...(line === 'none' ? [] : [noteOf(event.seq, line)]),
    ...(changeRequest && d.evidence.changeRequest !== undefined ? [{ kind: 'change_request' as const }] : []),
    ...(number === undefined ? [] : [{ kind: 'stage' as const, stage: number }]),
    ...(asks ? [...asked(d, only), ...d.approval.reminders.flatMap(nudges)] : []),
    ...(notices?.(d, event) ?? []).flatMap((notice) => [
      ...(notice.line === undefined || notice.seq === event.seq ? [] : [noteOf(notice.seq, notice.line)]),
      ...nudges(notice),
    ]),
    ...linesOfCalls(d, event),
  ];
}

/** The line that called says who has it, and that it is over. */
function linesOfCalls({ paging }: Deployment, { seq }: DeploymentEvent): LiveMessage[] {
  return (paging?.calls ?? [])
    .filter(({ acknowledged, over }) => acknowledged?.seq === seq || over?.seq === seq)
    .map((call) => noteOf(call.seq, 'thread'));
}

function noteOf(seq: number, line: 'thread' | 'channel'): LiveMessage {
  return { kind: 'note', seq, broadcast: line === 'channel' };
}

function nudges({ seq, people }: Pick<Notice, 'seq' | 'people'>): LiveMessage[] {
  return people.map(({ id: user }) => ({ kind: 'nudge', user, seq }));
}

/** Everybody whose direct message an event changes, or those of them that it can change for. */
function asked(d: Deployment, only: readonly string[] | undefined): LiveMessage[] {
  const approvers = asksApprovers(d) ? d.terms.required.flatMap((required) => required.asked) : [];
  // What an emergency owes in writing is its lead's, who is told once it has started.
  const writer = hasToBeWritten(d) ? [d.terms.details.lead] : [];
  const ids = new Set([...approvers, ...writer].map(({ id }) => id));
  const theirs = [...ids].filter((id) => only === undefined || only.includes(id));
  return theirs.map((user) => ({ kind: 'dm', user }));
}

function show(d: Deployment, event: DeploymentEvent, message: LiveMessage): Effect {
  const key = `${event.deployment}:${messageKey(message)}`;
  return { kind: 'show', key, message, news: newsOf(d, event, message) };
}
