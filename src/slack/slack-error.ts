/** What a failed Web API call means for whoever made it. */

import { z } from 'zod';
import type { Duration } from '../time.ts';
import { rateLimitWait } from './rate-limit.ts';

const platformError = z.object({
  code: z.literal('slack_webapi_platform_error'),
  data: z.object({ error: z.string() }),
});
/** Slack's own word for what was wrong, e.g. `channel_not_found`; undefined where Slack did not answer in its form. */
export function slackErrorCode(error: unknown): string | undefined {
  return platformError.safeParse(error).data?.data.error;
}

/** What of Slack passes by itself: the moment for a form is over, it takes no more calls, or it does not answer. */
export type PassingTrouble = { kind: 'too_late' } | { kind: 'busy'; wait?: Duration } | { kind: 'silent' };

const TOO_LATE = new Set(['expired_trigger_id', 'trigger_expired', 'exchanged_trigger_id']);
const BUSY = new Set(['ratelimited', 'rate_limited']);
const SILENT = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);
const unanswered = z.union([
  z.object({ code: z.literal('slack_webapi_request_error') }),
  z.object({ code: z.literal('slack_webapi_http_error'), statusCode: z.number().min(500) }),
]);

/** Undefined where it is a fault that trying again does not mend. */
export function passingTrouble(error: unknown): PassingTrouble | undefined {
  const wait = rateLimitWait(error);
  if (wait !== undefined) return { kind: 'busy', wait };
  const code = slackErrorCode(error) ?? '';
  if (TOO_LATE.has(code)) return { kind: 'too_late' };
  if (BUSY.has(code)) return { kind: 'busy' };
  return SILENT.has(code) || unanswered.safeParse(error).success ? { kind: 'silent' } : undefined;
}
