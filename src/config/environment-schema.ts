/** The part of gonogo.yml about environments. */

import { z } from 'zod';
import { CHECKLIST_GROUPS } from '../terms/requirements.ts';
import { gateIds, signOffList } from './change-type-schema.ts';
import { rolloutSettings } from './rollout-schema.ts';
import { clock, duration, line, name } from './schema-words.ts';
import { onCall } from './team-schema.ts';

export const environmentSchema = z
  .strictObject({
    name: line('how the environment is called where people read it').optional(),
    like: name('an environment')
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
    on_merge: z
      .boolean()
      .meta({
        description:
          'whether a release that CI registers comes here by itself, once it may; its approvals are asked for as ever; false unless said',
      })
      .optional(),
    nightly: clock
      .meta({
        description:
          'when the newest release comes here by itself each night, in the zone of the team, such as "02:00"; without, never',
      })
      .optional(),
    bake: duration
      .meta({
        description:
          'how long a version runs here with all traffic and without trouble before the environment after it opens to it, no longer than it is observed; without, that opens once it is complete here',
      })
      .optional(),
    sign_offs: signOffList
      .meta({ description: 'roles that must say go; a list alone makes the approval manual' })
      .optional(),
    gates: gateIds.meta({ description: 'gates that must have passed before a start here' }).optional(),
    hand_over_gates: gateIds
      .meta({ description: 'gates that must have passed before the hand-over after a rollout here' })
      .optional(),
    pages: z
      .boolean()
      .meta({
        description: 'whether people are called where nobody acts; without it where the approval is manual',
      })
      .optional(),
    ...rolloutSettings,
    on_call: onCall
      .meta({
        description: 'who is on call here for services that neither name anybody nor have a team that does',
      })
      .optional(),
    checklist: z
      .array(z.enum(CHECKLIST_GROUPS))
      .meta({ description: 'groups of the checklist that apply here' })
      .optional(),
  })
  .nullable()
  .meta({ description: 'settings of the environment, or nothing to take it as the preset has it' });
