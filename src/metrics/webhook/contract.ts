/** What is said between GoNoGo and a metric source of the kind `webhook`: docs/backends/webhook.openapi.json is made of it. */

import { z } from 'zod';
import { changeBody } from '../../backends/webhook/contract.ts';

const instant = z.iso.datetime();

export const metricsBody = z.strictObject({
  change: changeBody,
  from: instant,
  to: instant.meta({ description: 'the end, excluded' }),
});

const name = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);
const counts = z
  .object({ n: z.int().min(0), x: z.int().min(0) })
  .meta({ description: '`n` tries, `x` of them bad' });
const value = z.number().nullable().meta({ description: 'null where it has no traffic' });

const metric = z.discriminatedUnion('kind', [
  z.object({ metric: name, kind: z.literal('counts'), baseline: counts, canary: counts }).meta({
    description: 'the metric `errors` is the one that every judgement needs: requests, and failed ones',
  }),
  z
    .object({
      metric: name,
      kind: z.literal('values'),
      unit: z.enum(['ms', '%', '']),
      baseline: value,
      canary: value,
    })
    .meta({ description: 'p50 and p99 in ms, cpu and memory in %, queue_depth without a unit' }),
]);

export const metricsAnswer = z.union([
  z.object({
    metrics: z
      .array(metric)
      .min(1)
      .max(100)
      .refine(
        (all) => new Set(all.map((one) => one.metric)).size === all.length,
        'a metric stands there once',
      ),
    critical_errors: z.int().min(0).optional(),
  }),
  z.object({
    no_data: z
      .string()
      .min(1)
      .max(500)
      .meta({ description: 'why there is nothing to say about this window' }),
  }),
]);
