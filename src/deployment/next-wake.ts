/** When time alone could change something, and what must be asked of the world then. */

import { type Duration, type Instant, SECOND } from '../time.ts';
import type { Deployment } from './deployment.ts';
import { currentStage, duringStep, lookedUntil, observedUntil } from './rollout/progress.ts';
import { waitsForSigners } from './start/waiting.ts';
import { nextByTime } from './time-rules.ts';

/** What to ask before deciding; the answers come back as intents. */
export type Question = { ask: 'backend' } | { ask: 'metrics'; from: Instant; to: Instant };

/** Undefined where only a person can move it on, or nothing can. An instant that has passed means "ask now". */
export function nextWake(d: Deployment): Instant | undefined {
  const times = [nextQuestion(d), nextByTime(d)].filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Whether time alone decides something now, whatever the world would answer. */
export function isTimeDeciding(d: Deployment, now: Instant): boolean {
  const next = nextByTime(d);
  return next !== undefined && next <= now;
}

/** When the world must be asked. */
function nextQuestion(d: Deployment): Instant | undefined {
  switch (d.status) {
    case 'scheduled':
      if (waitsForSigners(d)) return d.start.at;
      // Whoever ends what it waits for wakes it, where that has no time of its own.
      return d.start.waiting === undefined ? d.start.at : d.start.waiting.until;
    case 'rolling_out':
    case 'held':
      return nextLook(d) ?? d.rollout?.step?.since;
    case 'verifying':
      return d.rollout?.finalWatch?.since;
    case 'observing':
      return nextObservation(d);
    case 'watched_only':
      return nextWatchedLook(d);
    case 'rolling_back':
      return d.rollback?.startedAt;
    default:
      return undefined;
  }
}

/** How long to wait before asking again where an answer changed nothing. */
export function askAgainAfter(d: Deployment): Duration {
  if (d.status === 'rolling_back') return SECOND;
  const soon = d.status === 'rolling_out' || d.status === 'verifying' || isHandingOver(d);
  return soon ? 2 * SECOND : 30 * SECOND;
}

/** What is worth asking now. */
export function questions(d: Deployment, now: Instant): Question[] {
  const due = nextQuestion(d);
  if (due === undefined || due > now) return [];
  switch (d.status) {
    case 'scheduled':
    case 'verifying':
    case 'rolling_back':
      return [{ ask: 'backend' }];
    case 'rolling_out':
    case 'held':
      return duringStep(d, 'looks')
        ? [{ ask: 'backend' }, { ask: 'metrics', from: lookedUntil(d), to: now }]
        : [{ ask: 'backend' }];
    case 'watched_only':
      // Where it is, whoever looks at its place says.
      return [{ ask: 'metrics', from: lookedUntil(d), to: now }];
    case 'observing':
      if (isHandingOver(d)) return [{ ask: 'backend' }];
      return [{ ask: 'backend' }, { ask: 'metrics', from: lookedUntil(d), to: now }];
    default:
      return [];
  }
}

function nextLook(d: Deployment): Instant | undefined {
  const stage = currentStage(d);
  if (!duringStep(d, 'looks') || stage?.watchUntil === undefined) return undefined;
  const next = lookedUntil(d) + d.terms.safeguards.lookEvery;
  const ending = d.status === 'rolling_out' && stage.watchUntil > lookedUntil(d);
  return ending ? Math.min(next, stage.watchUntil) : next;
}

/** What it waits for is seen at the backend; it is not measured any more. */
const isHandingOver = (d: Deployment): boolean => d.rollout?.finalWatch?.handingOver !== undefined;

/** Nothing is to be measured before it has traffic. */
function nextWatchedLook(d: Deployment): Instant | undefined {
  const percent = d.rollout?.reported?.percent ?? 0;
  if (percent === 0) return undefined;
  return percent === 100 ? nextObservation(d) : lookedUntil(d) + d.terms.safeguards.lookEvery;
}

function nextObservation(d: Deployment): Instant {
  const begun = d.rollout?.finalWatch?.handingOver;
  if (begun !== undefined) return begun.at;
  const looked = lookedUntil(d);
  const next = looked + d.terms.safeguards.observeEvery;
  return observedUntil(d) > looked ? Math.min(next, observedUntil(d)) : next;
}
