/** What is answered to a job at the backend that waits for a word: one decision in Slack stands for all of them. */

import type { WaitingJob } from '../backends/port.ts';
import type { Deployment } from './deployment.ts';
import { LIVE, type Status } from './lifecycle.ts';

export type AnswerToJob =
  | { kind: 'approve'; comment: string }
  | { kind: 'reject'; comment: string }
  /** Somebody has yet to decide. */
  | { kind: 'wait' };

const WAIT: AnswerToJob = { kind: 'wait' };

/** It has started, and nobody holds it: the decision to deploy stands. */
const GOES: ReadonlySet<Status> = new Set(['rolling_out', 'verifying', 'observing']);

/**
 * `known` are the deployments of the job's places that are live or ended of late. Where the backend cannot tell which of
 * several places it is, all of them must say the same. A job whose commit says nothing is never approved.
 */
export function answerToJob(job: WaitingJob, known: readonly Deployment[]): AnswerToJob {
  if (job.of === 'rollback') return { kind: 'approve', comment: 'A rollback, told by GoNoGo.' };
  if (job.of === 'overtaken')
    return { kind: 'reject', comment: 'GoNoGo has told another command since this one.' };
  const answers = job.targets.map(({ service, environment }) =>
    inOnePlace(
      job,
      known.filter(
        ({ terms: { envelope } }) => envelope.service === service && envelope.environment === environment,
      ),
    ),
  );
  const [first = WAIT] = answers;
  return answers.every(({ kind }) => kind === first.kind) ? first : WAIT;
}

function inOnePlace(job: WaitingJob, known: readonly Deployment[]): AnswerToJob {
  // What was only watched was nobody's decision here.
  const same = known.filter(({ terms }) => terms.envelope.sha === job.sha && terms.watched === undefined);
  const live = same.find(({ status }) => LIVE.has(status));
  if (live !== undefined) return ofLive(live);
  const ended = same.find(({ ending }) => ending !== undefined && ending.at >= job.at);
  if (ended !== undefined)
    return rejected(`${nameOf(ended)} has ended: ${WORDS[ended.status] ?? ended.status}.`);
  if (job.of === 'step') return rejected('The deployment that it was begun for has ended.');
  return job.unknown === 'leave' ? WAIT : rejected(howToAsk(job));
}

function ofLive(d: Deployment): AnswerToJob {
  if (GOES.has(d.status)) return { kind: 'approve', comment: `Decided in Slack: ${nameOf(d)}.` };
  return d.status === 'rolling_back' ? rejected(`${nameOf(d)} is being rolled back.`) : WAIT;
}

const WORDS: Partial<Record<Status, string>> = {
  rejected: 'somebody said no-go',
  rolled_back: 'it was rolled back',
  handed_over: 'it was handed over',
};

const rejected = (comment: string): AnswerToJob => ({ kind: 'reject', comment });

function nameOf({ id, terms: { envelope } }: Deployment): string {
  return `${id}, ${envelope.service} ${envelope.version} to ${envelope.environment}`;
}

function howToAsk({ targets, sha }: WaitingJob): string {
  const [place] = targets;
  const ask = `Ask for it in Slack with "/deploy ${place?.service ?? ''}", and run this job again once it has started.`;
  return sha === undefined
    ? `What this run deploys does not follow from its commit alone, so no decision in Slack can stand for it. ${ask}`
    : `GoNoGo has no deployment of commit ${sha.slice(0, 7)} to ${place?.environment ?? ''} under way. ${ask}`;
}
