/** The shape of gonogo.yml and of the presets below it; what the schema does not name is refused. */

import { z } from 'zod';
import { BACKENDS } from '../backends/index.ts';
import { UNDECIDED } from '../judge/types.ts';
import { METRICS as METRIC_SOURCES } from '../metrics/index.ts';
import { SIGNALS } from '../signals/index.ts';
import { type CHANGE_TYPES, DEPLOYMENT_TYPES } from '../terms/change.ts';
import { CHECKLIST_GROUPS } from '../terms/requirements.ts';
import { ACTIONS } from '../terms/safeguards.ts';
import { SIGNAL_ACTIONS } from '../terms/signals.ts';
import { alertSettings } from './alerts-schema.ts';
import { preApprovalSettings, signerSettings } from './approval-schema.ts';
import { calendarSettings } from './calendar-schema.ts';
import { DURATION_PATTERN } from './durations.ts';
import { communicationSettings, overrunSettings, peopleSettings } from './people-schema.ts';
import { readinessSettings } from './readiness-schema.ts';
import { serviceSmoke, smokeSettings } from './smoke-schema.ts';

/** Roles that every deployment brings along: its own people. */
export const OWN_ROLES = ['lead', 'on_call', 'requester'] as const;
/** In a permission: everyone who holds any role. */
export const ANY_ROLE = 'any_role';
/** Among the requesters: every full member of the workspace. */
export const ANYONE = 'anyone';

/** What the metric sources deliver (see the metrics port). */
export const METRICS = ['errors', 'p50', 'p99', 'cpu', 'memory', 'queue_depth'] as const;

/** A name becomes a key: `constructor` is there in every object before anybody sets it. */
const idPattern = /^(?!constructor$)[a-z][a-z0-9_-]{0,39}$/;
const id = (what: string) =>
  z
    .string()
    .regex(idPattern)
    .meta({
      description: `${what}: small letters, digits, "-" and "_", at most 40, a letter first; not "constructor"`,
    });

const line = (what: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\n\r`]+$/)
    .meta({ description: `${what}: 1 to 60 characters on one line, without backticks` });

const person = z
  .string()
  .regex(/^[UW][A-Z0-9]{6,20}$/)
  .meta({ description: 'a Slack member id such as U012AB3CDE4 (in a profile: ⋮, "Copy member ID")' });

const duration = z
  .string()
  .regex(DURATION_PATTERN)
  .meta({ description: 'a duration such as "90s", "30m", "1h 30m" or "7d"' });

const people = z.array(person).meta({ description: 'a list of Slack member ids' });

const usergroup = z
  .string()
  .regex(/^(S[A-Z0-9]{6,20}|@[\w.-]{1,80})$/)
  .meta({ description: 'a Slack user group: its id (S…) or its handle (@ops)' });

const roleSchema = z.union([
  people,
  z.strictObject({
    name: line('how the role is called where people read it').optional(),
    members: people.optional(),
    usergroup: z
      .union([usergroup, z.array(usergroup).min(1).meta({ description: 'a list of Slack user groups' })])
      .optional(),
  }),
]);

const signOffSchema = z.union([
  id('a role'),
  z.strictObject({
    role: id('a role'),
    quorum: z
      .int()
      .min(1)
      .max(20)
      .meta({ description: 'how many people of the role must say go, 1 to 20' })
      .optional(),
    only: z
      .array(z.enum(DEPLOYMENT_TYPES))
      .min(1)
      .meta({ description: 'deployment types that need this sign-off' })
      .optional(),
  }),
]);

const signOffList = z.array(signOffSchema);

const gateIds = z.array(id('a gate')).meta({ description: 'a list of gates' });

const undecidedChoice = z.enum(UNDECIDED).meta({
  description:
    'go_on while nothing speaks for harm · extend: watch once more as long, then hold · hold and ask',
});

const undecidedSchema = z
  .union([
    undecidedChoice,
    z.strictObject({ usual: undecidedChoice.optional(), last: undecidedChoice.optional() }),
  ])
  .meta({
    description:
      'where a stage ends undecided; last is the last watched stage before all traffic, which extends unless it is named',
  });

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
const rolloutSettings = {
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
  safeguards: z
    .strictObject({
      ...lookSettings,
      rollback_within: duration.optional(),
      review_within: reviewWithin.optional(),
    })
    .meta({ description: 'how rollouts are watched here, where that differs' })
    .optional(),
};

const environmentSchema = z
  .strictObject({
    name: line('how the environment is called where people read it').optional(),
    like: id('an environment')
      .meta({
        description:
          'another environment, of the preset or of this file, that it is like but for what stands here',
      })
      .optional(),
    approval: z
      .enum(['none', 'on_merge', 'manual'])
      .meta({
        description:
          'none and on_merge: nobody is asked, with on_merge the approved merge counts · manual: its sign_offs',
      })
      .optional(),
    sign_offs: signOffList
      .meta({ description: 'roles that must say go; a list alone makes the approval manual' })
      .optional(),
    gates: gateIds.meta({ description: 'gates that must have passed before a start here' }).optional(),
    hand_over_gates: gateIds
      .meta({ description: 'gates that must have passed before the hand-over after a rollout here' })
      .optional(),
    ...rolloutSettings,
    checklist: z
      .array(z.enum(CHECKLIST_GROUPS))
      .meta({ description: 'groups of the checklist that apply here' })
      .optional(),
  })
  .nullable()
  .meta({ description: 'settings of the environment, or nothing to take it as the preset has it' });

const stepSchema = z.union([
  z.strictObject({
    set_weight: z
      .number()
      .gt(0)
      .max(100)
      .meta({ description: 'the share of traffic in percent, over 0 up to 100' }),
  }),
  z.strictObject({ watch: duration }),
  z.strictObject({
    batches: z
      .int()
      .min(2)
      .max(50)
      .meta({ description: 'in how many parts it is replaced, one after the other, 2 to 50' }),
    watch: duration.meta({ description: 'how long each part but the last is watched' }).optional(),
  }),
  z.enum(['stand_up', 'smoke', 'replace', 'retire_old']).meta({
    description:
      'stand_up: bring it up beside the old version · smoke: run the smoke tests · replace: all at once · retire_old: take the old version down once the observation is over',
  }),
]);

const strategySchema = z.strictObject({
  name: line('how the strategy is called where people read it'),
  steps: z.array(stepSchema).min(1).meta({
    description:
      'steps in their order: "stand_up", "set_weight: 5", "watch: 30m", "batches: 4", "replace", "smoke", "retire_old"',
  }),
  capacity: z
    .number()
    .min(0)
    .max(99)
    .meta({
      description: 'percent of its capacity that must stay in service while a part is replaced, 0 to 99',
    })
    .optional(),
});

const metricName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .meta({ description: `a metric: ${METRICS.join(', ')}, or one of judge.metrics` });

const boundKind = z.enum(['absolute', 'ratio', 'points']).meta({
  description:
    'absolute: the canary alone · ratio: times the baseline · points: percent points above the baseline',
});

const criterionSchema = z
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
    action: z.enum(['roll_back', 'hold']),
  })
  .meta({ description: 'a threshold that rolls back or holds' });

const judgeSchema = z.strictObject({
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
        direction: z.enum(['higher_is_worse', 'lower_is_worse']),
        action: z.enum(['roll_back', 'hold']).optional(),
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

/** How each kind of change may be approved: nobody alone reaches production but by the two ways named here. */
const APPROVALS = {
  standard: ['none', 'before'],
  normal: ['before'],
  emergency: ['before', 'afterwards'],
} as const satisfies Record<(typeof CHANGE_TYPES)[number], readonly string[]>;

const APPROVAL_WORDS = {
  standard: 'none: approved beforehand where pre_approved says so · before: it waits for its sign-offs',
  normal: 'before: it waits for its sign-offs',
  emergency: 'before: it waits for its sign-offs · afterwards: it starts, and then owes them',
} as const;

const changeTypes = z.strictObject({
  standard: changeTypeSchema('standard').optional(),
  normal: changeTypeSchema('normal').optional(),
  emergency: changeTypeSchema('emergency')
    .extend({
      declared_by: z
        .array(id('a role'))
        .min(1)
        .meta({
          description:
            "roles that may declare an emergency, each alone; on_call is the service's on-call as this file names them",
        })
        .optional(),
    })
    .optional(),
});

/** Every part may be left to the preset. */
function changeTypeSchema<T extends keyof typeof APPROVALS>(type: T) {
  return z
    .strictObject({
      lead_time: z
        .int()
        .min(0)
        .max(60)
        .meta({ description: 'business days from the request to the earliest start, 0 to 60' })
        .optional(),
      approval: z.enum(APPROVALS[type]).meta({ description: APPROVAL_WORDS[type] }).optional(),
      sign_offs: signOffList
        .meta({ description: 'roles that must say go besides those of the environment' })
        .optional(),
      requesters: z
        .array(id('a role'))
        .min(1)
        .meta({ description: 'roles that may ask for it; without, all who may ask for a deployment' })
        .optional(),
      gates: gateIds
        .meta({ description: "of the environment's gates before the start, only these" })
        .optional(),
      checklist: z
        .enum(['required', 'optional'])
        .meta({ description: 'whether open required items keep it from its start' })
        .optional(),
      change_request: z
        .boolean()
        .meta({
          description:
            'whether a change request must be written: before the start, or after it where the approval is afterwards',
        })
        .optional(),
      owed_within: duration
        .meta({ description: 'how long after the start an approval afterwards may take' })
        .optional(),
      remind_every: duration
        .meta({ description: 'how often those who owe an approval afterwards are reminded' })
        .optional(),
      documentation: z
        .boolean()
        .meta({ description: 'whether a write-up is owed after an approval afterwards' })
        .optional(),
    })
    .meta({ description: 'what this kind of change takes where the approval is manual' });
}

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ description: 'a time of day such as "09:00"' });

const backend = id('a backend');
const metricSource = id('a metric source');
const signalSources = z
  .array(id('a source of signals'))
  .max(5)
  .meta({ description: 'where alerts that fired and errors in logs are asked for, at most 5' });
const signalAction = z.enum(SIGNAL_ACTIONS);

const serviceSchema = z.strictObject({
  channel: z
    .string()
    .regex(/^[CG][A-Z0-9]{6,20}$/)
    .meta({ description: 'the id of a Slack channel, C…' }),
  environments: z
    .array(id('an environment'))
    .min(1)
    .meta({ description: 'environments it is deployed to' })
    .optional(),
  backend: backend.optional(),
  metrics: metricSource.optional(),
  signals: signalSources.optional(),
  strategy: id('a strategy')
    .meta({ description: 'the strategy that is suggested where its environment names none' })
    .optional(),
  in: z
    .record(id('an environment'), z.strictObject(rolloutSettings))
    .meta({ description: 'how it rolls out in single environments, before what these say themselves' })
    .optional(),
  judge: judgeSchema.meta({ description: 'how it is judged, where that differs from the others' }).optional(),
  traffic: z
    .strictObject({
      per_minute: z.number().gt(0).meta({ description: 'requests a minute, over 0' }),
      errors: z.number().gt(0).max(100).meta({ description: 'failed requests in percent, over 0 up to 100' }),
    })
    .meta({ description: 'what it usually has, so that gonogo check says which stages can decide' })
    .optional(),
  smoke: serviceSmoke({ id, line, duration }).optional(),
  lead: person.optional(),
  on_call: person.optional(),
  escalation: person
    .meta({ description: 'who is told when a rollout runs over and nobody acts: a Slack member id' })
    .optional(),
  depends_on: z
    .array(id('a service'))
    .min(1)
    .meta({ description: 'services it needs: none of them changes while it does' })
    .optional(),
});

const roleList = z.array(id('a role')).min(1).meta({ description: 'a list of roles, at least one' });

/** Settings that a preset gives and a file may override. */
const settings = {
  ...calendarSettings({ id, line, duration, roleList }),
  ...readinessSettings({ id, duration }),
  ...communicationSettings({ duration }),
  ...preApprovalSettings({ id }),
  ...smokeSettings({ duration }),
  requesters: roleList.meta({ description: `roles that may ask for a deployment, or ${ANYONE}` }).optional(),
  roles: z.record(id('a role'), roleSchema).optional(),
  environments: z.record(id('an environment'), environmentSchema).optional(),
  promotion: z
    .enum(['in_order', 'any_order'])
    .meta({
      description:
        'in_order: a version reaches an environment only after it completed in the one before · any_order: it may go anywhere',
    })
    .optional(),
  change_types: changeTypes.optional(),
  sign_offs: z
    .strictObject({
      expire_after: duration.meta({ description: 'how long a go counts' }).optional(),
      remind_after: duration
        .meta({ description: 'how long a go may be missing before it is asked for again, each time' })
        .optional(),
      escalate_after: duration
        .meta({ description: 'how long a go may be missing before escalate_to is told' })
        .optional(),
      escalate_to: id('a role').optional(),
      ...signerSettings({ id }),
      working_hours: z
        .strictObject({ from: clock, to: clock })
        .meta({ description: 'when people are reminded, on business days in the time zone of the team' })
        .optional(),
    })
    .meta({ description: 'how long sign-offs count, and what happens while they are missing' })
    .optional(),
  strategies: z.record(id('a strategy'), strategySchema).optional(),
  defaults: z
    .strictObject({
      backend: backend.optional(),
      metrics: metricSource.optional(),
      signals: signalSources.optional(),
      strategy: id('a strategy').optional(),
    })
    .meta({ description: 'what a service has that says nothing else' })
    .optional(),
  judge: judgeSchema.optional(),
  safeguards: z
    .strictObject({
      ...lookSettings,
      all_clear_after: duration
        .meta({ description: 'when people are told that nothing fired since it is complete; 0m for never' })
        .optional(),
      signals: z
        .strictObject({
          critical_error: signalAction.optional(),
          critical_alert: signalAction.optional(),
          alert: signalAction.optional(),
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
      expire_after: duration.optional(),
      rollback_within: duration.optional(),
      review_within: reviewWithin.optional(),
      ...overrunSettings({ duration }),
    })
    .optional(),
  permissions: z
    .strictObject(
      Object.fromEntries(ACTIONS.map((action) => [action, roleList.optional()])) as Record<
        (typeof ACTIONS)[number],
        z.ZodOptional<typeof roleList>
      >,
    )
    .meta({
      description: `roles that may act; ${OWN_ROLES.join(', ')} are the deployment's own people, ${ANY_ROLE} is everyone with a role`,
    })
    .optional(),
};

export const presetSchema = z.strictObject(settings);

export const fileSchema = z
  .strictObject({
    preset: id('a preset').optional(),
    team: line('the name of the team'),
    time_zone: z.string().meta({ description: 'an IANA time zone such as "Europe/Berlin"' }).optional(),
    announcements: z
      .string()
      .regex(/^[CG][A-Z0-9]{6,20}$/)
      .meta({ description: 'the id of the Slack channel that is told when this file changes, C…' })
      .optional(),
    holidays: z
      .array(z.iso.date().meta({ description: 'a day such as "2026-12-25"' }))
      .meta({ description: 'days besides Saturday and Sunday that are no business days' })
      .optional(),
    ...peopleSettings({ person }),
    ...alertSettings({ id }),
    backends: z
      .record(id('a backend'), BACKENDS.schema)
      .meta({ description: 'what deploys, by a name of your own' })
      .optional(),
    metrics: z
      .record(id('a metric source'), METRIC_SOURCES.schema)
      .meta({ description: 'what measures, by a name of your own' })
      .optional(),
    signals: z
      .record(id('a source of signals'), SIGNALS.schema)
      .meta({ description: 'what tells of alerts and log errors, by a name of your own' })
      .optional(),
    ...settings,
    services: z
      .record(id('a service'), serviceSchema)
      .refine((services) => Object.keys(services).length > 0, { params: { allowed: 'at least one service' } })
      .meta({ description: 'services by name' }),
  })
  .meta({ title: 'gonogo.yml', description: 'Services, environments, people and policy of GoNoGo' });

export type Preset = z.infer<typeof presetSchema>;
export type PolicyFile = z.infer<typeof fileSchema>;
