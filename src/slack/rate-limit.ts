/** Slack's 429: how long it asks to wait. Who waits it out, and who is told at once, is in clients.ts; of a live message, in failure.ts. */

import { z } from 'zod';
import { type Duration, SECOND } from '../time.ts';

const rateLimited = z.object({ code: z.literal('slack_webapi_rate_limited_error'), retryAfter: z.number() });

/** How long Slack asks to wait; undefined where this is no rate limit. */
export function rateLimitWait(error: unknown): Duration | undefined {
  const limited = rateLimited.safeParse(error).data;
  return limited && limited.retryAfter * SECOND;
}
