/** What the world must be told after an event; each has a key, and running it twice acts once. */

import type { AdapterRef } from '../terms/adapters.ts';
import type { Instant } from '../time.ts';

export type Effect =
  /** Tell the backend to take a step of the plan. */
  | { kind: 'apply'; key: string; step: number }
  /** Tell the backend to go back; it overtakes everything else. */
  | { kind: 'roll_back'; key: string; to: string | null }
  /** Run the smoke tests that are GoNoGo's own, of the run that this event began. */
  | { kind: 'smoke'; key: string; run: number }
  /** End the observation of the deployment that this one replaces. */
  | { kind: 'supersede'; key: string }
  /** Stop what carries the same version on to further environments. */
  | { kind: 'stop_further'; key: string }
  /** Tell a pager of a call or of a change; `about` is the number of the event that it is about. */
  | { kind: 'notify'; key: string; notifier: AdapterRef; tells: Tells; about: number; at: Instant }
  /** A message that shows this deployment: post it if it is not there, re-render it if it is. */
  | { kind: 'show'; key: string; message: LiveMessage; news: News };

/** Of a call: that something waits, that somebody has it, that it is over. Of changes, which call nobody: what happened. */
export type Tells = 'trigger' | 'acknowledge' | 'resolve' | 'started' | 'verified' | 'rolled_back';

/** What a message tells, the most urgent first: where Slack takes less than there is to show, that goes first (K-12). */
export const NEWS = ['rollback', 'action', 'milestone', 'look'] as const;
export type News = (typeof NEWS)[number];

/**
 * One Slack message that is a projection of the record.
 * `card` in the channel · `note:SEQ`, `stage:N` and `change_request` in its thread · `dm:USER` to an approver, and `nudge:SEQ:USER` where
 * the record says that they were reminded, or that what they signed reads differently now: a message of its own, because an update notifies nobody.
 */
export type LiveMessage =
  | { kind: 'card' }
  | { kind: 'stage'; stage: number }
  | { kind: 'note'; seq: number; broadcast: boolean }
  | { kind: 'dm'; user: string }
  | { kind: 'nudge'; user: string; seq: number }
  | { kind: 'change_request' };

export function messageKey(message: LiveMessage): string {
  switch (message.kind) {
    case 'card':
      return 'card';
    case 'stage':
      return `stage:${message.stage}`;
    case 'note':
      return `note:${message.seq}`;
    case 'dm':
      return `dm:${message.user}`;
    case 'nudge':
      return `nudge:${message.seq}:${message.user}`;
    case 'change_request':
      return 'change_request';
  }
}
