/** Calls to the pagers, as the card and the thread say them: who was called, who has it, and who could not be reached. */

import type { Button } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent, EventType } from '../src/deployment/events.ts';
import { unansweredCalls } from '../src/deployment/paging/decide-paging.ts';
import type { PagerCall, Reached } from '../src/deployment/paging/state.ts';
import { deploymentButton } from './deployment-actions.ts';
import { byName, leadOrOnCallNames, plainRelease } from './deployment-words.ts';
import { inline, listOf, timeOfDay } from './text.ts';

type EventOf<T extends EventType> = Extract<DeploymentEvent, { type: T }>;

/** Calls that are not over; after an end, those that nobody took up. */
export function pagerLines(d: Deployment): string[] {
  const calls = d.paging?.calls.filter(({ over }) => over === undefined) ?? [];
  return calls.map((call) => callLine(d, call));
}

function callLine(d: Deployment, call: PagerCall): string {
  if (call.acknowledged !== undefined)
    return `📟 ${byName(call.acknowledged.by)} has it since ${timeOfDay(call.acknowledged.at)}${calledWords(call)}`;
  const failed = failedWords(d, call);
  if (failed !== '') return failed;
  const names = namesOf(calledIn(call));
  if (names === '') return `📟 Calling ${pagersOf(d)} since ${timeOfDay(call.at)}: ${inline(call.says, 200)}`;
  return `📟 ${names} called since ${timeOfDay(call.at)}, and nobody has it yet: ${inline(call.says, 200)}`;
}

const calledIn = ({ reached }: PagerCall) => reached.filter((one) => 'calledAt' in one);
const failedIn = ({ reached }: PagerCall) => reached.filter((one) => 'problem' in one);
const namesOf = (reached: readonly Reached[]): string =>
  listOf(reached.map(({ notifier }) => inline(notifier, 40)));

function calledWords(call: PagerCall): string {
  const names = namesOf(calledIn(call));
  return names === '' ? '' : ` · ${names} was called`;
}

/** Whoever reads it is the only one who knows: nobody else was woken. */
function failedWords(d: Deployment, call: PagerCall): string {
  const [first, ...more] = failedIn(call);
  if (first === undefined) return '';
  const names = namesOf([first, ...more]);
  const others = namesOf(calledIn(call));
  const instead =
    others === ''
      ? `Nobody else was woken: ${leadOrOnCallNames(d)} must be called by telephone`
      : `${others} was called`;
  return `⚠️ The pager ${names} cannot be reached since ${timeOfDay(first.failedAt)}: ${inline(first.problem, 200)}. It is tried again. ${instead}.`;
}

const pagersOf = (d: Deployment): string =>
  listOf((d.terms.paging?.notifiers ?? []).map(({ name }) => inline(name, 40)));

/** The line in the thread, as far as the call has come by now. */
export function pagedNote(d: Deployment, e: EventOf<'paged'>): string {
  const head = `📟 The pager is called: ${inline(e.says, 300)}`;
  const call = d.paging?.calls.find(({ seq }) => seq === e.seq);
  if (call === undefined) return head;
  const names = namesOf(calledIn(call));
  const done = [
    ...(names === '' ? [] : [`${names} called`]),
    ...(call.acknowledged === undefined
      ? []
      : [`${byName(call.acknowledged.by)} has it since ${timeOfDay(call.acknowledged.at)}`]),
    ...(call.over === undefined ? [] : [`over since ${timeOfDay(call.over.at)}`]),
  ];
  return done.length === 0 ? head : `${head}\n${done.join(' · ')}`;
}

export function pagerFailedNote(d: Deployment, e: EventOf<'pager_failed'>): string {
  return `⚠️ The pager ${inline(e.notifier, 40)} could not be called: ${inline(e.problem, 300)}. It is tried again. ${leadOrOnCallNames(d)} must be called by telephone until then.`;
}

/** While a pager rings, or would. */
export function takePageButtons(d: Deployment): Button[] {
  if (unansweredCalls(d).length === 0) return [];
  return [
    deploymentButton(d, 'takePage', {
      text: 'I have it',
      style: 'primary',
      label: `I have the page of ${plainRelease(d)}`,
    }),
  ];
}
