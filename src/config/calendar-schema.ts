/** The part of gonogo.yml about times: windows, freezes, and who may declare them. */

import { z } from 'zod';
import { WEEKLY_FORM } from '../policy/calendar/recurring.ts';
import { DAYS } from '../terms/hours.ts';
import { duration, line, name, roleList } from './schema-words.ts';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}( ([01]\d|2[0-3]):[0-5]\d)?$/;

const scope = {
  services: z
    .array(name('a service'))
    .min(1)
    .meta({ description: 'services; without it every one' })
    .optional(),
  environments: z
    .array(name('an environment'))
    .min(1)
    .meta({ description: 'environments; without it every one' })
    .optional(),
};
export const timeZone = z
  .string()
  .meta({ description: 'an IANA time zone such as "Europe/Berlin"' })
  .optional();
const window = {
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
  on_holidays: z
    .enum(['closed', 'open'])
    .meta({ description: 'closed: it does not open on holidays, where nothing is said · open: it does' })
    .optional(),
};
const windowSchema = z
  .strictObject({ ...window, ...scope })
  .meta({ description: 'a time of the week in which deployments may start' });

/** Those of a team: they are for its services. */
export const teamWindows = z
  .array(
    z
      .strictObject({ ...window, environments: scope.environments })
      .meta({ description: 'a time of the week in which deployments of the team may start' }),
  )
  .meta({
    description:
      'when deployments of its services may start, instead of the windows that name no services; in environments that these do not name, those count',
  });
export const dateTime = z
  .string()
  .regex(DATE_TIME)
  .meta({ description: 'a day such as "2026-12-20", or a day and a time such as "2026-12-20 18:00"' });
const freezeSchema = z
  .strictObject({
    reason: line('why nothing may start'),
    from: dateTime.optional(),
    to: dateTime.optional(),
    every: z
      .string()
      .trim()
      .max(60)
      .meta({ description: `instead of from and to, each week: ${WEEKLY_FORM}` })
      .optional(),
    time_zone: timeZone,
    override: roleList.meta({ description: 'roles that may override it for one deployment' }).optional(),
    ...scope,
  })
  .meta({ description: 'a time in which nothing starts' });
/** What both a preset and a file may say of times. */
export const calendarSettings = {
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
