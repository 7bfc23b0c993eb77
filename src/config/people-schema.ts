/** The part of gonogo.yml about people and what they are told: their hours, their phones, the notice they get. */

import { z } from 'zod';
import { HOURS_FORM } from '../policy/hours.ts';

interface Words {
  person: z.ZodString;
  duration: z.ZodString;
}

/** Of the people who are named in a file, and in no preset. */
export function peopleSettings({ person }: Pick<Words, 'person'>) {
  const settings = z
    .strictObject({
      hours: z
        .string()
        .trim()
        .max(60)
        .meta({ description: `when the person is there: ${HOURS_FORM}` })
        .optional(),
      phone: z
        .string()
        .trim()
        .regex(/^\+?[0-9][0-9 ()/.-]{3,28}[0-9]$/)
        .meta({
          description:
            'a phone number in quotation marks, such as "+49 30 901820"; shown in the details of a run, never recorded',
          // Whatever is wrong with it, no message repeats it.
          writeOnly: true,
        })
        .optional(),
      time_zone: z
        .string()
        .meta({
          description: 'the IANA time zone of the hours, such as "Europe/Berlin"; without it the team’s',
        })
        .optional(),
    })
    .meta({ description: 'hours, phone and time_zone of a person, each optional' });
  return {
    people: z
      .record(person, settings)
      .meta({ description: 'how people are reached, by their Slack member id' })
      .optional(),
  };
}

export function communicationSettings({ duration }: Pick<Words, 'duration'>) {
  return {
    communication: z
      .strictObject({
        notice: duration
          .meta({
            description:
              'how long ahead those who must know are meant to hear of a start where the approval is manual',
          })
          .optional(),
      })
      .meta({ description: 'what those who must know are owed' })
      .optional(),
  };
}

/** When a rollout takes too long (WN-6). */
export function overrunSettings({ duration }: Pick<Words, 'duration'>) {
  return {
    rollout_within: duration
      .meta({
        description:
          "how long a rollout may take from its start to all traffic; without it the plan's own watches and overrun_grace",
      })
      .optional(),
    overrun_grace: duration
      .meta({ description: "how long after the plan's own watches its lead and on-call are warned" })
      .optional(),
    escalate_overrun_after: duration
      .meta({ description: 'how long after that warning the escalation is told' })
      .optional(),
  };
}
