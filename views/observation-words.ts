/** What the card says of a version that has all traffic: how long it took to get there, until when it is watched, and what the last look saw. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { missingBefore } from '../src/deployment/readiness/readiness.ts';
import { handingOverState, observedUntil } from '../src/deployment/rollout/progress.ts';
import { stagesOf } from '../src/terms/plan.ts';
import { goesWords, leadOrOnCall, name } from './deployment-words.ts';
import { lookSentence } from './look-words.ts';
import { dateTime, duration, inline, plural, timeOfDay } from './text.ts';

/** `in 3 h 41 min, 4 stages` */
export function rolloutWords(d: Deployment): string {
  const stages = plural(d.rollout?.stages.length || stagesOf(d.terms.envelope.plan).length, 'stage');
  if (d.rollout?.startedAt === undefined || d.rollout?.completedAt === undefined) return `in ${stages}`;
  return `in ${duration(d.rollout?.completedAt - d.rollout?.startedAt)}, ${stages}`;
}

export function observationWords(d: Deployment): string {
  const { unsettled, handingOver } = d.rollout?.finalWatch ?? {};
  if (handingOver !== undefined && handingOverState(d) === 'under_way')
    return `Being handed over since ${timeOfDay(handingOver.at)}: ${inline(d.previous ?? 'what was there before', 60)} is taken down first.`;
  return unsettled === undefined
    ? `Watched until ${dateTime(observedUntil(d))}, ${afterTheWatch(d)}`
    : `🟡 Not settled since ${timeOfDay(unsettled.at)}: ${inline(unsettled.because, 300)}. ${leadOrOnCall(d)} must decide: hand it over with a reason, or roll it back. It stays watched.`;
}

/** What the hand-over waits for besides the end of the watch, and who sees to it. */
function afterTheWatch(d: Deployment): string {
  return missingBefore(d, 'hand_over').length === 0
    ? 'then handed over.'
    : `then handed over, once what is open below is done: ${name(d.terms.details.lead)} sees to it.`;
}

export function lastLookWords(d: Deployment): string {
  const { lastLook: look, unsettled } = d.rollout?.finalWatch ?? {};
  if (look === undefined) return goesWords(d);
  // It is not fine where people must decide: that no rule speaks is all there is to say.
  if (unsettled !== undefined && look.verdict === 'pass')
    return `The last look: ${inline(look.because, 300)}`;
  const asks =
    look.verdict === 'no_data' ? ' It is handed over only when there is data, or by a person.' : '';
  return `${lookSentence(look)}${asks}`;
}
