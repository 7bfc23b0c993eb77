/** What is said to a notifier of the kind `webhook`: docs/backends/webhook.openapi.json is made of it. */

import { z } from 'zod';

const words = z.string().min(1).max(1_000);

export const notifyBody = z.strictObject({
  tells: z.enum(['trigger', 'acknowledge', 'resolve', 'change']).meta({
    description:
      'trigger: call people · acknowledge: somebody has it · resolve: it is over · change: something changed, call nobody',
  }),
  key: z
    .string()
    .min(1)
    .max(255)
    .meta({ description: 'the same for all that is said of one call; a change has its own' }),
  at: z.iso.datetime().meta({ description: 'when it happened; it may be said later' }),
  summary: words.meta({ description: 'plain text on one line' }),
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  about: z.string().min(1).max(40).meta({
    description:
      'held · unsettled · data_at_risk · rolled_back · rollback_late · rollback_failed; of a change started · verified · rolled_back',
  }),
  deployment: z.string().min(1).max(40),
  service: z.string().min(1).max(60),
  environment: z.string().min(1).max(60),
  version: z.string().min(1).max(100),
  previous: z.string().min(1).max(100).nullable().meta({ description: 'what ran before' }),
  lead: z.string().max(200),
  on_call: z.string().max(200),
  by: z.string().max(200).meta({ description: 'who has it' }).optional(),
  link: z.url().meta({ description: 'the card in Slack' }).optional(),
});
