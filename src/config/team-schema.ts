/** The part of gonogo.yml about teams: who fills their roles, who is on call and in which turn, and what their services have. */

import { z } from 'zod';
import { dateTime, teamWindows, timeZone } from './calendar-schema.ts';
import { channel, duration, id, line, name, people, person, usergroup } from './schema-words.ts';

export const roleSchema = z.union([
  people,
  z.strictObject({
    name: line('how the role is called where people read it').optional(),
    members: people.optional(),
    usergroup: z
      .union([usergroup, z.array(usergroup).min(1).meta({ description: 'a list of Slack user groups' })])
      .optional(),
  }),
]);

/** Of a team or a single service. */
export const approvers = z.record(id('a role'), roleSchema).meta({
  description: 'who fills a role here, instead of those that roles names; others stay as they are',
});

export const onCall = z.union([
  person,
  id('a rotation').meta({ description: 'the name of one of rotations' }),
  z
    .array(person)
    .min(1)
    .meta({ description: 'a list of Slack member ids: the first of them who is in their hours' }),
  z.strictObject({ usergroup }).meta({ description: 'usergroup: whoever is in a Slack user group' }),
]);

export const escalation = person.meta({
  description: 'who is told when a rollout runs over and nobody acts: a Slack member id',
});

export const rotationSchema = z
  .strictObject({
    order: z.array(person).min(1).meta({ description: 'people in their turn, as Slack member ids' }),
    from: dateTime.meta({
      description: 'when the first of them begins: "2026-01-05 09:00", or a day for its midnight',
    }),
    every: duration.meta({ description: 'how long each turn is, in whole days; without it 7d' }).optional(),
    time_zone: timeZone,
    overrides: z
      .array(
        z
          .strictObject({ person, from: dateTime, to: dateTime })
          .meta({ description: 'person, from and to: who stands in, and when' }),
      )
      .meta({ description: 'who stands in for a time; of two at once the later one in the list' })
      .optional(),
  })
  .meta({ description: 'people who are on call in turn' });

export const teamSchema = z
  .strictObject({
    name: line('how the team is called where people read it').optional(),
    channel: channel('the id of a Slack channel, C…').optional(),
    approvers: approvers.optional(),
    lead: person.optional(),
    on_call: onCall.optional(),
    escalation: escalation.optional(),
    windows: teamWindows.optional(),
    in: z
      .record(name('an environment'), z.strictObject({ on_call: onCall.optional() }))
      .meta({ description: 'who is on call in single environments, before what the team says otherwise' })
      .optional(),
  })
  .meta({ description: 'what the services of a team have where they say nothing else' });
