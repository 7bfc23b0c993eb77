/** The part of gonogo.yml about how a version is judged. */

import { z } from 'zod';
import { UNDECIDED } from '../judge/types.ts';

/** What the metric sources deliver (see the metrics port). */
export const METRICS = ['errors', 'p50', 'p99', 'cpu', 'memory', 'queue_depth'] as const;

const undecidedChoice = z.enum(UNDECIDED).meta({
  description:
    'go_on while nothing speaks for harm · extend: watch once more as long, then hold · hold and ask',
});

export const undecidedSchema = z
  .union([
    undecidedChoice,
    z.strictObject({ usual: undecidedChoice.optional(), last: undecidedChoice.optional() }),
  ])
  .meta({
    description:
      'where a stage ends undecided; last is the last watched stage before all traffic, which extends unless it is named',
  });

const metricName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .meta({ description: `a metric: ${METRICS.join(', ')}, or one of judge.metrics` });

const boundKind = z.enum(['absolute', 'ratio', 'points']).meta({
  description:
    'absolute: the canary alone · ratio: times the baseline · points: percent points above the baseline',
});

export const criterionSchema = z
  .strictObject({
    metric: metricName,
    kind: boundKind,
    over: z
      .number()
      .gt(0)
      .meta({ description: 'the figure that the whole stage must not be over, over 0' })
      .optional(),
    under: z
      .number()
      .gt(0)
      .meta({ description: 'instead of over, where lower is worse: the figure it must not be under, over 0' })
      .optional(),
    min_sample: z.int().min(1).meta({
      description: 'requests the canary must have seen in the stage before it can be met, 1 or more',
    }),
  })
  .meta({ description: 'what a stage must show to pass; it never rolls back' });

const ruleSchema = z
  .strictObject({
    metric: metricName,
    kind: boundKind,
    over: z.number().gt(0).meta({ description: 'the figure that it must not be over, over 0' }).optional(),
    under: z
      .number()
      .gt(0)
      .meta({ description: 'instead of over, where lower is worse: the figure it must not be under, over 0' })
      .optional(),
    min_sample: z.int().min(1).meta({
      description:
        'requests the canary must have seen in the last looks together before the rule may speak, 1 or more',
    }),
    breaches: z.int().min(1).meta({ description: 'how many of the last looks must be over, 1 or more' }),
    of: z.int().min(1).max(60).meta({ description: 'the number of looks that counts, 1 to 60' }),
    action: z
      .enum(['roll_back', 'hold'])
      .meta({ description: 'what it brings: it goes back by itself, or it holds and people decide' }),
  })
  .meta({ description: 'a threshold that rolls back or holds' });

export const judgeSchema = z.strictObject({
  alpha: z
    .number()
    .gt(0)
    .max(0.5)
    .meta({
      description:
        'the chance, over a whole deployment, that a healthy canary is called worse: over 0 up to 0.5',
    })
    .optional(),
  margin: z
    .number()
    .gt(1)
    .max(10)
    .meta({ description: 'how many times the baseline errors may be before it matters, over 1 up to 10' })
    .optional(),
  harm: z
    .number()
    .gt(1.2)
    .max(16)
    .meta({ description: 'the rise that must be excluded for a pass: 2 is a doubling, over 1.2 up to 16' })
    .optional(),
  negligible: z
    .number()
    .min(0)
    .max(10)
    .meta({ description: 'a share of errors in percent that is too small to matter, 0 for none' })
    .optional(),
  undecided: undecidedSchema.optional(),
  criteria: z
    .array(criterionSchema)
    .meta({ description: 'what a stage must show to pass; the list replaces that of the preset' })
    .optional(),
  triggers: z
    .array(ruleSchema)
    .meta({ description: 'thresholds that roll back or hold; the list replaces that of the preset' })
    .optional(),
  metrics: z
    .array(
      z.strictObject({
        name: metricName,
        direction: z.enum(['higher_is_worse', 'lower_is_worse']).meta({ description: 'which way is worse' }),
        action: z
          .enum(['roll_back', 'hold'])
          .meta({
            description:
              'what a change for the worse brings: it goes back by itself, or it holds and people decide; without, it holds',
          })
          .optional(),
      }),
    )
    .meta({ description: 'business metrics that evidence judges, with the direction that is worse' })
    .optional(),
  stages: z
    .array(
      z.strictObject({
        stage: z.int().min(1).max(50).meta({ description: 'the number of a watched stage, 1 for the first' }),
        criteria: z
          .array(criterionSchema)
          .meta({ description: 'what this stage must show to pass, instead of the criteria of all' })
          .optional(),
        triggers: z
          .array(ruleSchema)
          .meta({ description: 'thresholds that act in this stage, instead of those of all' })
          .optional(),
        undecided: undecidedChoice.optional(),
      }),
    )
    .meta({ description: 'what single stages have of their own' })
    .optional(),
});
