/** The part of gonogo.yml about services. */

import { z } from 'zod';
import { versionPatterns } from '../adapters/version-pattern.ts';
import { judgeSchema } from './judge-schema.ts';
import { rolloutSettings } from './rollout-schema.ts';
import { channel, duration, id, line, name, person } from './schema-words.ts';
import { serviceSmoke } from './smoke-schema.ts';
import { approvers, escalation, onCall } from './team-schema.ts';

export const backend = id('a backend');
export const metricSource = id('a metric source');
export const signalSources = z
  .array(id('a source of signals'))
  .max(5)
  .meta({ description: 'where alerts that fired and errors in logs are asked for, at most 5' });

export const notifierNames = z
  .array(id('a notifier'))
  .max(5)
  .meta({ description: 'who is called where nobody acts, at most 5; an empty list for nobody' });

const trafficSchema = z
  .strictObject({
    per_minute: z.number().gt(0).meta({ description: 'requests a minute, over 0' }),
    errors: z.number().gt(0).max(100).meta({ description: 'failed requests in percent, over 0 up to 100' }),
  })
  .meta({ description: 'what it usually has, so that gonogo check says which stages can decide' });

export const serviceSchema = z.strictObject({
  team: name('a team').meta({ description: 'the team it belongs to, one of teams' }).optional(),
  channel: channel('the id of a Slack channel, C…').optional(),
  approvers: approvers.optional(),
  environments: z
    .array(name('an environment'))
    .min(1)
    .meta({ description: 'environments it is deployed to' })
    .optional(),
  backend: backend.optional(),
  metrics: metricSource.optional(),
  signals: signalSources.optional(),
  notifiers: notifierNames.optional(),
  strategy: id('a strategy')
    .meta({ description: 'the strategy that is suggested where its environment names none' })
    .optional(),
  in: z
    .record(
      name('an environment'),
      z.strictObject({ ...rolloutSettings, traffic: trafficSchema.optional(), on_call: onCall.optional() }),
    )
    .meta({ description: 'how it rolls out in single environments, before what these say themselves' })
    .optional(),
  judge: judgeSchema.meta({ description: 'how it is judged, where that differs from the others' }).optional(),
  traffic: trafficSchema.optional(),
  smoke: serviceSmoke({ id, line, duration }).optional(),
  lead: person.optional(),
  on_call: onCall.optional(),
  escalation: escalation.optional(),
  version_pattern: versionPatterns
    .meta({ description: 'how its versions are tagged, where that is not v{semver}' })
    .optional(),
  depends_on: z
    .array(name('a service'))
    .min(1)
    .meta({ description: 'services it needs: none of them changes while it does' })
    .optional(),
});
