/** Where a deployment is, in a few words for a row of a list. */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { Status } from '../src/deployment/lifecycle.ts';
import { stagesOf } from '../src/terms/plan.ts';
import type { Instant } from '../src/time.ts';
import { traffic } from './text.ts';
import { waitsWords } from './waiting-words.ts';
import { watchedStatus } from './watched-words.ts';

const WAITS_FOR = {
  freeze: 'the end of a freeze',
  window: 'its window',
  lock: 'a lock',
  conflict: 'another deployment',
  bake: 'its time in the environment before',
  rolled_back: 'a decision after a rollback',
  on_call: 'somebody on call',
  signer: "Slack's word on who signed",
} as const;

/** Not escaped: plain words and figures. */
export function statusWords(d: Deployment): string {
  const share = traffic(d.rollout?.stages.at(-1)?.percent ?? 0);
  const words: Record<Status, () => string> = {
    preparing: () => waitsWords(d),
    scheduled: () =>
      d.start.waiting === undefined
        ? 'scheduled'
        : `waits for ${WAITS_FOR[d.start.waiting.for[0]?.kind ?? 'window']}`,
    rolling_out: () =>
      d.rollout?.stages.length === 0
        ? 'being brought up'
        : `${share}, stage ${d.rollout?.stages.length} of ${stagesOf(d.terms.envelope.plan).length}`,
    held: () => `held at ${share}`,
    verifying: () => 'being verified',
    observing: () => 'live, watched',
    handed_over: () => 'live, handed over',
    rolling_back: () =>
      d.rollback?.left === undefined
        ? 'rolling back'
        : `rolling back, ${traffic(d.rollback.left.percent)} left`,
    rolled_back: () => 'rolled back',
    failed: () => 'rollback failed',
    rejected: () => 'no-go',
    expired: () => 'expired',
    cancelled: () => 'cancelled',
    watched_only: () => watchedStatus(d),
    watch_over: () => watchedStatus(d),
  };
  return words[d.status]();
}

/** When what the words say began, or will begin. */
export function statusSince(d: Deployment): Instant {
  switch (d.status) {
    case 'preparing':
      return d.requestedAt;
    case 'scheduled':
      return d.start.waiting?.until ?? d.start.at ?? d.requestedAt;
    case 'rolling_out':
      return d.rollout?.stages.at(-1)?.startedAt ?? d.rollout?.startedAt ?? d.requestedAt;
    case 'held':
      return d.rollout?.hold?.at ?? d.requestedAt;
    case 'verifying':
      return d.rollout?.finalWatch?.since ?? d.requestedAt;
    case 'watched_only':
      return d.rollout?.reported?.at ?? d.requestedAt;
    case 'observing':
      return d.rollout?.completedAt ?? d.requestedAt;
    case 'rolling_back':
      return d.rollback?.startedAt ?? d.requestedAt;
    default:
      return d.ending?.at ?? d.requestedAt;
  }
}
