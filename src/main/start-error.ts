/** What ends a start that cannot be made. */

import { messageOf } from '../message-of.ts';
import { slackErrorCode } from '../slack/slack-error.ts';

/** A mistake of whoever starts it: its message is for them, and no stack trace helps. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Slack answered, and what it said is a mistake of whoever starts the bot: asking again will not help. */
export function isRefused(error: unknown): boolean {
  return MISTAKES.has(slackErrorCode(error) ?? '');
}

const MISTAKES = new Set([
  'invalid_auth',
  'not_authed',
  'not_allowed_token_type',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
]);

/** Slack's word where it refused, and another where it could not be asked: the token is then not to blame. */
export function refusedBySlack(error: unknown, variable: string, what: string): StartError {
  const code = slackErrorCode(error);
  if (code !== undefined)
    return new StartError(`Slack does not accept the bot: ${code}. ${variable} is ${what}.`, {
      cause: error,
    });
  const why = messageOf(error);
  return new StartError(`Slack cannot be reached: ${why}.`, { cause: error });
}
