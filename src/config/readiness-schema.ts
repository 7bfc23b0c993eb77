/** Gates and the checklist, as gonogo.yml and the presets write them. */

import { z } from 'zod';
import { CHECKLIST_GROUPS, SEVERITIES } from '../terms/requirements.ts';
import { concerned } from './schema-words.ts';

interface Words {
  id(what: string): z.ZodString;
  duration: z.ZodString;
}

const sentence = (what: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(150)
    .regex(/^[^\n\r`]+$/)
    .meta({ description: `${what}: 1 to 150 characters on one line, without backticks` });

const percent = (what: string) =>
  z
    .number()
    .min(0)
    .max(100)
    .meta({ description: `${what}, in percent, 0 to 100` });

export function readinessSettings({ id, duration }: Words) {
  const gate = z
    .strictObject({
      name: sentence('how the gate is called where people read it').optional(),
      pass_rate: percent('the least share of tests that must pass').optional(),
      percent: percent('the least share that must be reported').optional(),
      findings: z
        .strictObject(
          Object.fromEntries(
            SEVERITIES.map((severity) => [
              severity,
              z.int().min(0).meta({ description: 'the most findings allowed, 0 or more' }).optional(),
            ]),
          ) as Record<(typeof SEVERITIES)[number], z.ZodOptional<z.ZodInt>>,
        )
        .meta({ description: 'the most findings allowed per severity' })
        .optional(),
      lasts: duration
        .meta({
          description:
            'how long a report counts, from when it was measured; without, for as long as the release',
        })
        .optional(),
    })
    .meta({
      description:
        'pass_rate, percent or findings; without one the reporter says whether it passed. Any of it may be left to the preset',
    });
  const evidence = z
    .union([
      z.strictObject({ gate: id('a gate') }),
      z.strictObject({ sign_off: id('a role') }),
      z.enum(['on_call', 'change_request']),
    ])
    .meta({ description: '{ gate: … }, { sign_off: … }, on_call or change_request' });
  const item = z.strictObject({
    group: z
      .enum(CHECKLIST_GROUPS)
      .meta({ description: 'the group it stands in; an environment names the groups that apply there' })
      .optional(),
    text: sentence('what must be true').optional(),
    required: z.boolean().meta({ description: 'whether it must be ticked; without, it must' }).optional(),
    before: z
      .enum(['start', 'hand_over'])
      .meta({ description: 'what it comes before; without, the start' })
      .optional(),
    evidence: evidence.optional(),
    roles: z
      .array(id('a role'))
      .min(1)
      .meta({ description: 'roles that each must tick it; without, one tick of anybody who may' })
      .optional(),
    by: z
      .array(id('a role'))
      .min(1)
      .meta({
        description:
          "roles of which one ticks it, but never the requester; on_call is the deployment's on-call. Without, anybody who may tick",
      })
      .optional(),
    lasts: duration
      .meta({ description: 'how long a tick counts; without, for as long as the release' })
      .optional(),
    called: z
      .array(sentence('a name under which a contract asks for the same, which is then shown once'))
      .min(1)
      .max(10)
      .meta({ description: 'names under which a contract asks for the same, which is then shown once' })
      .optional(),
    after_rollout: duration
      .meta({
        description:
          'people can tick it, and a gate ticks it by what it measured, only so long after all traffic has moved, 0m for at once; only before: hand_over',
      })
      .optional(),
    when: concerned.meta({ description: 'the changes that it is for; without, all' }).optional(),
  });
  return {
    gates: z
      .record(id('a gate'), gate)
      .meta({
        description:
          'what machines report of a release, by id; GoNoGo itself reports staging_deployed, once a version completed in the environment before',
      })
      .optional(),
    checklist: z
      .record(
        id('an item'),
        z.union([item, z.literal(false)]).meta({
          description: 'an item of the checklist, any of it left to the preset, or false to leave it out',
        }),
      )
      .meta({ description: 'items of the checklist by their id' })
      .optional(),
  };
}
