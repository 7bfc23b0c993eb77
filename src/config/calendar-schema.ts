/** The part of gonogo.yml about times: windows, freezes, and who may declare them. */

import { z } from 'zod';
import { DAYS } from '../terms/hours.ts';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
export const DATE_TIME = /^\d{4}-\d{2}-\d{2}( ([01]\d|2[0-3]):[0-5]\d)?$/;

/** The words that the rest of the schema has already. */
interface Words<Id, Line, Dur, Roles> {
  id(what: string): Id;
  line(what: string): Line;
  duration: Dur;
  roleList: Roles;
}

export function calendarSettings<
  Id extends z.ZodType<string>,
  Line extends z.ZodType<string>,
  Dur extends z.ZodType<string>,
  Roles extends z.ZodType<string[]>,
>({ id, line, duration, roleList }: Words<Id, Line, Dur, Roles>) {
  const scope = {
    services: z
      .array(id('a service'))
      .min(1)
      .meta({ description: 'services; without it every one' })
      .optional(),
    environments: z
      .array(id('an environment'))
      .min(1)
      .meta({ description: 'environments; without it every one' })
      .optional(),
  };
  const timeZone = z.string().meta({ description: 'an IANA time zone such as "Europe/Berlin"' }).optional();
  const windowSchema = z
    .strictObject({
      name: line('how the window is called where people read it').optional(),
      days: z
        .array(z.enum(DAYS))
        .min(1)
        .meta({ description: `days on which it opens, of ${DAYS.join(', ')}` }),
      from: z.string().regex(TIME).meta({ description: 'a time of day such as "09:00"' }),
      to: z
        .string()
        .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)
        .meta({ description: 'a time of day such as "17:00", up to "24:00"' }),
      time_zone: timeZone,
      low_traffic: z
        .boolean()
        .meta({ description: 'whether few people use what is deployed then; shown where a time is chosen' })
        .optional(),
      support: line('who supports a deployment then; shown where a time is chosen').optional(),
      ...scope,
    })
    .meta({ description: 'a time of the week in which deployments may start' });
  const dateTime = z
    .string()
    .regex(DATE_TIME)
    .meta({ description: 'a day such as "2026-12-20", or a day and a time such as "2026-12-20 18:00"' });
  const freezeSchema = z
    .strictObject({
      reason: line('why nothing may start'),
      from: dateTime,
      to: dateTime,
      time_zone: timeZone,
      override: roleList.meta({ description: 'roles that may override it for one deployment' }).optional(),
      ...scope,
    })
    .meta({ description: 'a time in which nothing starts' });
  return {
    windows: z
      .array(windowSchema)
      .meta({ description: 'when deployments may start; a place without a window is always open' })
      .optional(),
    freezes: z
      .array(freezeSchema)
      .meta({ description: 'planned freezes; people declare others in Slack' })
      .optional(),
    calendar: z
      .strictObject({
        freeze: roleList.meta({ description: 'roles that may declare a freeze' }).optional(),
        lift: roleList
          .meta({
            description: 'roles that may end a freeze of somebody else; without, those that may override',
          })
          .optional(),
        override: roleList
          .meta({
            description: 'roles that may let one deployment start in spite of a freeze or a closed window',
          })
          .optional(),
        lock: roleList.meta({ description: 'roles that may lock a service' }).optional(),
        lock_for: duration.optional(),
        longest_lock: duration.optional(),
        plan_ahead: duration
          .meta({
            description:
              'how far ahead a date may lie: a start, the end of a freeze; 730d where nothing is said',
          })
          .optional(),
      })
      .meta({ description: 'who may freeze, lift, override and lock, and for how long' })
      .optional(),
  };
}
