/** The part of gonogo.yml about kinds of change, and who says go. */

import { z } from 'zod';
import { CHANGE_TYPES } from '../terms/change.ts';
import { signerSettings } from './approval-schema.ts';
import { clock, concerned, duration, id } from './schema-words.ts';

const signOffSchema = z.union([
  id('a role'),
  z.strictObject({
    role: id('a role').optional(),
    any_of: z
      .array(id('a role'))
      .min(2)
      .meta({ description: 'instead of role: roles of which any one says go' })
      .optional(),
    quorum: z
      .int()
      .min(1)
      .max(20)
      .meta({ description: 'how many different people of it must say go, 1 to 20; without, 1' })
      .optional(),
    when: concerned.meta({ description: 'changes that need this sign-off; without, all' }).optional(),
  }),
]);

export const signOffList = z.array(signOffSchema);

export const gateIds = z.array(id('a gate')).meta({ description: 'a list of gates' });

/** How each kind of change may be approved: nobody alone reaches production but by the two ways named here. */
export const APPROVALS = {
  standard: ['none', 'before'],
  normal: ['before'],
  emergency: ['before', 'afterwards'],
} as const satisfies Record<(typeof CHANGE_TYPES)[number], readonly string[]>;

const APPROVAL_WORDS = {
  standard: 'none: approved beforehand where pre_approved says so · before: it waits for its sign-offs',
  normal: 'before: it waits for its sign-offs',
  emergency: 'before: it waits for its sign-offs · afterwards: it starts, and then owes them',
} as const;

const declaredBy = z
  .array(id('a role'))
  .min(1)
  .meta({
    description:
      "roles that may declare an emergency, each alone; on_call is the service's on-call as this file names them",
  })
  .optional();

/** What stands beside the three is a kind of the team's own. */
export const changeTypes = z
  .strictObject({
    standard: changeTypeSchema(APPROVALS.standard, APPROVAL_WORDS.standard).optional(),
    normal: changeTypeSchema(APPROVALS.normal, APPROVAL_WORDS.normal).optional(),
    emergency: changeTypeSchema(APPROVALS.emergency, APPROVAL_WORDS.emergency)
      .extend({ declared_by: declaredBy })
      .meta({ description: 'what an emergency takes: it may start past freezes, closed windows and locks' })
      .optional(),
  })
  .catchall(
    changeTypeSchema(['none', 'before', 'afterwards'] as const, 'as the kind that it is like may be approved')
      .extend({
        like: z
          .enum(CHANGE_TYPES)
          .meta({ description: 'the kind that it is built on, and as which it is but for what stands here' }),
        declared_by: declaredBy,
      })
      .meta({ description: 'a kind of change of your own, by its name: like says what it is built on' }),
  );

/** Every part may be left to the preset. */
function changeTypeSchema<
  A extends readonly ['none' | 'before' | 'afterwards', ...('none' | 'before' | 'afterwards')[]],
>(approvals: A, words: string) {
  return z
    .strictObject({
      lead_time: z
        .int()
        .min(0)
        .max(60)
        .meta({ description: 'business days from the request to the earliest start, 0 to 60' })
        .optional(),
      approval: z.enum(approvals).meta({ description: words }).optional(),
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

/** How long sign-offs count, and what happens while they are missing. */
export const signOffCare = z
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
  .meta({ description: 'how long sign-offs count, and what happens while they are missing' });
