/** A hold, or a rollback by itself, as those who must act read it: in the thread, and in their direct message. */

import type { Button } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent, EventType } from '../src/deployment/events.ts';
import { unansweredCalls } from '../src/deployment/paging/decide-paging.ts';
import { whatBreaks } from '../src/deployment/rollback/what-breaks.ts';
import { neededBy } from '../src/deployment/rollout/action-needed.ts';
import type { ActionNeeded } from '../src/deployment/rollout/state.ts';
import { actions, context, inWords, type Rendered, section } from './blocks.ts';
import { byName, databaseOnRollback, ifItFails, release, title } from './deployment-words.ts';
import { heldForDrift, staysWhere } from './drift-words.ts';
import { takePageButtons } from './pager-words.ts';
import { explainButtons, sayWhatHappenedButton } from './rollback-buttons.ts';
import { explainHoldButtons, heldButtons } from './rollout-buttons.ts';
import { inline, link, listOf, mention, timeOfDay } from './text.ts';
import { againButton, detailsButton } from './writing-buttons.ts';

type EventOf<T extends EventType> = Extract<DeploymentEvent, { type: T }>;

const HOW: Record<NonNullable<ActionNeeded['done']>['how'], string> = {
  resumed: 'resumed it',
  promoted: 'promoted it',
  rolled_back: 'rolled it back',
  explained: 'said what happened',
};

export function heldWords(d: Deployment, event: EventOf<'held'>): string {
  const reason = neededBy(d, event)?.reason ?? event.reason;
  return `✋ Held by ${byName(event.by)}: ${inline(reason, 300) || 'no reason given'}`;
}

/**
 * Who must do what, on a line of its own; or by whom it was done. Empty where nobody else was asked. With a mention, beside
 * the message that each of them gets: it is urgent.
 */
export function actionWords(d: Deployment, event: DeploymentEvent): string {
  const needed = neededBy(d, event);
  if (needed === undefined) return '';
  if (needed.done !== undefined) return `\n${doneWords(needed.done)}`;
  if (needed.people.length === 0) return '';
  const who = listOf(needed.people.map(mention), needed.about === 'hold' ? 'or' : 'and');
  return `\n${who}: ${toDo(d, needed)}`;
}

function doneWords({ by, at, how }: NonNullable<ActionNeeded['done']>): string {
  return `Done: ${byName(by)} ${HOW[how]} at ${timeOfDay(at)}`;
}

function toDo(d: Deployment, { about }: ActionNeeded): string {
  if (about === 'failure')
    return 'look at the backend now, and say what happened. GoNoGo does not try again.';
  if (about === 'rollback')
    return whatBreaks(d) === undefined
      ? 'look at why, and say what happened.'
      : `see to the database now. ${databaseOnRollback(d)}`;
  return `decide. ${release(d)} ${staysWhere(d)} until you do, watched, ${ifItFails(d)}.${heldForDrift(d)}`;
}

/** What can be done about an event that asks for something; empty where it asks for nothing, or no more. */
export function actionButtons(d: Deployment, event: DeploymentEvent): Button[] {
  const needed = neededBy(d, event);
  if (event.type === 'paged') return isUnanswered(d, event) ? takePageButtons(d) : [];
  if (event.type === 'rollback_started' && event.by.kind === 'person') return explainButtons(d);
  if (needed === undefined || needed.done !== undefined) return [];
  if (needed.about === 'hold')
    return d.status === 'held' ? [...takePageButtons(d), ...heldButtons(d), ...explainHoldButtons(d)] : [];
  return [
    ...takePageButtons(d),
    detailsButton(d),
    sayWhatHappenedButton(d),
    ...(d.status === 'rolled_back' ? [againButton(d)] : []),
  ];
}

const isUnanswered = (d: Deployment, { seq }: DeploymentEvent): boolean =>
  unansweredCalls(d).some((call) => call.seq === seq);

/** The direct message to one who must act. */
export function renderActionNeeded(
  d: Deployment,
  event: EventOf<'held'> | EventOf<'rollback_started'> | EventOf<'rollback_failed'>,
  card?: string,
): Rendered {
  const needed = neededBy(d, event);
  const head = `*${title(d)}* · ${d.id}`;
  const what = whatHappened(d, event);
  const next =
    needed?.done === undefined && needed !== undefined
      ? toDo(d, needed)
      : needed?.done && doneWords(needed.done);
  const lines = [head, what, ...(next === undefined ? [] : [capital(next)])];
  const opens = link(card, 'Open the card');
  return {
    text: inWords(lines).replaceAll('*', ''),
    blocks: [
      section(...lines),
      ...(opens === '' ? [] : [context(opens)]),
      ...actions('dm.actions', actionButtons(d, event)),
    ],
  };
}

function whatHappened(d: Deployment, event: Parameters<typeof renderActionNeeded>[1]): string {
  switch (event.type) {
    case 'held':
      return heldWords(d, event);
    case 'rollback_started':
      return `⏪ Rolled back by ${byName(event.by)}: ${inline(event.why, 300)}`;
    case 'rollback_failed':
      return `🛑 The rollback failed: ${inline(event.reason, 300)}. Traffic may be split.`;
  }
}

const capital = (text: string): string => text.replace(/^./, (first) => first.toUpperCase());
