/** The shape of gonogo.yml and of the presets below it; what the schema does not name is refused. */

import { z } from 'zod';
import { BACKENDS } from '../backends/index.ts';
import { METRICS as METRIC_SOURCES } from '../metrics/index.ts';
import { NOTIFIERS } from '../notifiers/index.ts';
import { SIGNALS } from '../signals/index.ts';
import { ACTIONS } from '../terms/safeguards.ts';
import { alertSettings } from './alerts-schema.ts';
import { preApprovalSettings } from './approval-schema.ts';
import { calendarSettings } from './calendar-schema.ts';
import { changeTypes, signOffCare } from './change-type-schema.ts';
import { environmentSchema } from './environment-schema.ts';
import { judgeSchema } from './judge-schema.ts';
import { communicationSettings, peopleSettings } from './people-schema.ts';
import { readinessSettings } from './readiness-schema.ts';
import { safeguardsSchema, strategySchema } from './rollout-schema.ts';
import {
  ANY_ROLE,
  ANYONE,
  channel,
  duration,
  id,
  line,
  name,
  OWN_ROLES,
  person,
  roleList,
} from './schema-words.ts';
import { backend, metricSource, notifierNames, serviceSchema, signalSources } from './service-schema.ts';
import { smokeSettings } from './smoke-schema.ts';
import { escalation, onCall, roleSchema, rotationSchema, teamSchema } from './team-schema.ts';

/** Settings that a preset gives and a file may override. */
const settings = {
  ...calendarSettings,
  ...readinessSettings({ id, duration }),
  ...communicationSettings({ duration }),
  ...preApprovalSettings({ id }),
  ...smokeSettings({ duration }),
  requesters: roleList.meta({ description: `roles that may ask for a deployment, or ${ANYONE}` }).optional(),
  roles: z
    .record(id('a role'), roleSchema)
    .meta({ description: 'who decides: roles by name, each a list of Slack member ids, or a user group' })
    .optional(),
  environments: z
    .record(name('an environment'), environmentSchema)
    .meta({
      description:
        'environments by name, in the order a version travels; a file that names any means exactly these',
    })
    .optional(),
  promotion: z
    .enum(['in_order', 'any_order'])
    .meta({
      description:
        'in_order: a version reaches an environment only after it completed in the one before · any_order: it may go anywhere',
    })
    .optional(),
  change_types: changeTypes
    .meta({ description: 'what each kind of change takes, wherever the approval is manual' })
    .optional(),
  sign_offs: signOffCare.optional(),
  strategies: z
    .record(id('a strategy'), strategySchema)
    .meta({ description: 'how a version may roll out, by a name of your own' })
    .optional(),
  defaults: z
    .strictObject({
      backend: backend.optional(),
      metrics: metricSource.optional(),
      signals: signalSources.optional(),
      notifiers: notifierNames.optional(),
      strategy: id('a strategy').optional(),
      channel: channel('the id of a Slack channel, C…').optional(),
      lead: person.optional(),
      on_call: onCall.optional(),
      escalation: escalation.optional(),
    })
    .meta({ description: 'what a service has where neither it nor its team says anything else' })
    .optional(),
  judge: judgeSchema
    .meta({ description: 'what both versions are held against, and what that brings' })
    .optional(),
  safeguards: safeguardsSchema.meta({ description: 'what guards a rollout, and for how long' }).optional(),
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
    announcements: channel(
      'the id of the Slack channel that is told of freezes, and when this file changes, C…',
    ).optional(),
    holidays: z
      .array(z.iso.date().meta({ description: 'a day such as "2026-12-25"' }))
      .meta({ description: 'days besides Saturday and Sunday that are no business days' })
      .optional(),
    ...peopleSettings({ person }),
    ...alertSettings,
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
    notifiers: z
      .record(id('a notifier'), NOTIFIERS.schema)
      .meta({ description: 'what calls people where nobody acts, by a name of your own' })
      .optional(),
    ...settings,
    rotations: z
      .record(id('a rotation'), rotationSchema)
      .meta({ description: 'who is on call in turn, by a name of your own' })
      .optional(),
    teams: z
      .record(name('a team'), teamSchema)
      .meta({ description: 'teams by name; a service names its team and has what the team says' })
      .optional(),
    services: z
      .record(
        name('a service'),
        serviceSchema.nullable().transform((own) => own ?? {}),
      )
      .refine((services) => Object.keys(services).length > 0, { params: { allowed: 'at least one service' } })
      .meta({ description: 'services by name' }),
  })
  .meta({ title: 'gonogo.yml', description: 'Services, environments, people and policy of GoNoGo' });

export type Preset = z.infer<typeof presetSchema>;
export type PolicyFile = z.infer<typeof fileSchema>;
