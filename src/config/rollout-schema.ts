/** The part of gonogo.yml about how a version rolls out: strategies, what places say of them, and how it is watched. */

import { z } from 'zod';
import { SIGNAL_ACTIONS } from '../terms/signals.ts';
import { criterionSchema, undecidedSchema } from './judge-schema.ts';
import { overrunSettings } from './people-schema.ts';
import { duration, id, line } from './schema-words.ts';
import { STEP_EXAMPLES, stepSchema } from './strategy-steps.ts';

/** How often a rollout is looked at, and how long it is watched once it is complete. */
const lookSettings = {
  look_every: duration.optional(),
  hold_after_no_data: z
    .int()
    .min(1)
    .max(100)
    .meta({ description: 'looks without data after which a stage holds, 1 to 100' })
    .optional(),
  observe_for: duration.optional(),
  observe_every: duration.optional(),
};

const reviewWithin = duration.meta({
  description: 'how long after a rollback its lead has to write the review; 0m for no review',
});

/** What an environment says of its rollouts, or a service of them in one environment. */
export const rolloutSettings = {
  strategies: z
    .array(id('a strategy'))
    .min(1)
    .meta({ description: 'the only strategies that may be used here; without, all' })
    .optional(),
  without_strategies: z
    .array(id('a strategy'))
    .meta({ description: 'where strategies is not given: those that may not be used here' })
    .optional(),
  strategy: id('a strategy').meta({ description: 'the strategy that is suggested here' }).optional(),
  high_risk: id('a strategy')
    .meta({ description: 'the strategy that is suggested where the risk is high' })
    .optional(),
  undecided: undecidedSchema.optional(),
  criteria: z
    .array(criterionSchema)
    .meta({ description: 'what every stage must show to pass here, instead of all criteria of the judge' })
    .optional(),
  safeguards: z
    .strictObject({
      ...lookSettings,
      rollback_within: duration.optional(),
      review_within: reviewWithin.optional(),
    })
    .meta({ description: 'how rollouts are watched here, where that differs' })
    .optional(),
};

export const strategySchema = z.strictObject({
  name: line('how the strategy is called where people read it'),
  steps: z
    .array(stepSchema)
    .min(1)
    .meta({ description: `steps in their order: ${STEP_EXAMPLES}` }),
  capacity: z
    .number()
    .min(0)
    .max(99)
    .meta({
      description: 'percent of its capacity that must stay in service while a part is replaced, 0 to 99',
    })
    .optional(),
});

const signalAction = z.enum(SIGNAL_ACTIONS);

export const safeguardsSchema = z.strictObject({
  ...lookSettings,
  all_clear_after: duration
    .meta({ description: 'when people are told that nothing fired since it is complete; 0m for never' })
    .optional(),
  signals: z
    .strictObject({
      critical_error: signalAction.meta({ description: 'what critical errors in logs bring' }).optional(),
      critical_alert: signalAction.meta({ description: 'what critical alerts bring' }).optional(),
      alert: signalAction.meta({ description: 'what other alerts bring' }).optional(),
    })
    .meta({
      description:
        'what critical errors in logs, critical alerts and other alerts bring: report · hold · roll_back',
    })
    .optional(),
  on_regression: z
    .enum(['ask', 'roll_back'])
    .meta({
      description: 'what follows where the version gets worse while it is observed: ask · roll_back',
    })
    .optional(),
  breaking: z
    .enum(['roll_back', 'hold_and_page'])
    .meta({
      description:
        'what GoNoGo does by itself where going back would break data (a breaking change or a data migration): roll_back · hold_and_page',
    })
    .optional(),
  page_after: duration
    .meta({
      description: 'how long a hold may wait for a person before its notifiers are called; 5m without it',
    })
    .optional(),
  expire_after: duration.optional(),
  rollback_within: duration.optional(),
  review_within: reviewWithin.optional(),
  ...overrunSettings({ duration }),
});
