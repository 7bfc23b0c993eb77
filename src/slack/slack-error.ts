/** What a failed Web API call means for whoever made it. */

import { z } from 'zod';
import { type Duration, SECOND } from '../time.ts';

const platformError = z.object({
  code: z.literal('slack_webapi_platform_error'),
  data: z.object({ error: z.string() }),
});
const rateLimited = z.object({ code: z.literal('slack_webapi_rate_limited_error'), retryAfter: z.number() });

/** Slack's own word for what was wrong, e.g. `channel_not_found`; undefined where Slack did not answer in its form. */
export function slackErrorCode(error: unknown): string | undefined {
  return platformError.safeParse(error).data?.data.error;
}

/** How long Slack asks to wait; undefined where this is no rate limit. */
export function rateLimitWait(error: unknown): Duration | undefined {
  const limited = rateLimited.safeParse(error).data;
  return limited && limited.retryAfter * SECOND;
}
