/** What it means for a live message that Slack did not take it: gone, not to be shown there, or to be tried again. */

import { messageOf } from '../message-of.ts';
import type { Duration } from '../time.ts';
import { rateLimitWait } from './rate-limit.ts';
import { slackErrorCode } from './slack-error.ts';

export type Failure =
  /** Not there any more, or not ours to change: another takes its place. */
  | { kind: 'lost'; problem: string }
  /** Trying again at once would give the same answer. */
  | { kind: 'unshowable'; problem: string }
  /** `sent: 'no'` where Slack certainly did not take it. */
  | { kind: 'passing'; problem: string; sent: 'no' | 'perhaps'; wait?: Duration };

const LOST = new Set(['message_not_found', 'cant_update_message']);
const UNSHOWABLE = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'user_not_found',
  'user_disabled',
  'cannot_dm_bot',
  'account_inactive',
  'missing_scope',
]);
/** Slack may have done some of it before it gave one of these answers. */
const UNSURE = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable']);

export function failureOf(error: unknown): Failure {
  const code = slackErrorCode(error);
  const problem = code ?? messageOf(error);
  if (code !== undefined && LOST.has(code)) return { kind: 'lost', problem };
  if (code !== undefined && UNSHOWABLE.has(code)) return { kind: 'unshowable', problem };
  const wait = rateLimitWait(error);
  if (wait !== undefined) return { kind: 'passing', problem, sent: 'no', wait };
  const refused = code !== undefined && !UNSURE.has(code);
  return { kind: 'passing', problem, sent: refused ? 'no' : 'perhaps' };
}

const NO_THREAD = new Set(['thread_not_found', 'cannot_reply_to_message']);

/** Whether no further try can bring this reply to its thread: what it answers is gone, or the bot may not speak there. */
export function isLostReply(error: unknown): boolean {
  return NO_THREAD.has(slackErrorCode(error) ?? '') || failureOf(error).kind !== 'passing';
}
