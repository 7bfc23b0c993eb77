/** Who decides, in gonogo.yml: what is approved beforehand, and who signs beside whom. */

import { z } from 'zod';
import { DATABASE_CHANGES, DEPLOYMENT_TYPES, RISKS } from '../terms/change.ts';
import { name } from './schema-words.ts';

interface Words {
  id(what: string): z.ZodString;
}

export function preApprovalSettings({ id }: Words) {
  const rule = z
    .strictObject({
      services: z
        .array(name('a service'))
        .min(1)
        .meta({ description: 'services whose changes are approved beforehand' }),
      deployment_types: z
        .array(z.enum(DEPLOYMENT_TYPES))
        .min(1)
        .meta({ description: 'deployment types that it is for' }),
      highest_risk: z
        .enum(RISKS)
        .meta({ description: 'the highest risk that it is for; without, low' })
        .optional(),
      databases: z
        .array(z.enum(DATABASE_CHANGES))
        .min(1)
        .meta({ description: 'changes of the database that it is for; without, only none' })
        .optional(),
      requested_by: z
        .array(id('a role'))
        .min(1)
        .meta({ description: 'roles that may ask for it; anyone is not enough' }),
    })
    .meta({ description: 'changes that are approved beforehand' });
  return {
    pre_approved: z
      .array(rule)
      .meta({
        description:
          'which standard changes nobody has to approve any more; a standard change that fits none of them is refused',
      })
      .optional(),
  };
}

/** In `sign_offs`. */
export function signerSettings({ id }: Words) {
  const roles = z.array(id('a role')).min(1).meta({ description: 'a list of roles, at least one' });
  return {
    one_person_may_fill: z
      .array(z.array(id('a role')).min(2).meta({ description: 'roles that one person may fill together' }))
      .meta({
        description:
          'roles that one person may fill together in a deployment; without, one person fills one role',
      })
      .optional(),
    asked_again: z
      .strictObject({
        risk: roles
          .meta({ description: 'whose go falls when the risk is raised; without, everyone’s' })
          .optional(),
        database: roles
          .meta({
            description: 'whose go falls when the change of the database is another; without, everyone’s',
          })
          .optional(),
      })
      .meta({ description: 'which roles say go again when only this changes' })
      .optional(),
  };
}
