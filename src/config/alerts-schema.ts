/** The part of gonogo.yml about alerts: where they are watched, and how services are found in them (K-6). */

import { z } from 'zod';
import { name } from './schema-words.ts';

const channel = z
  .string()
  .regex(/^[CG][A-Z0-9]{6,20}$/)
  .meta({ description: 'the id of a Slack channel, C…' });

const pattern = z
  .string()
  .max(100)
  .regex(/^(?!.*\{service\}.*\{service\})(?=.*\S).*\{service\}.*$/)
  .meta({
    description:
      'words around one {service} as alerts here write them, such as "[{service}]" or "svc/{service} "',
  });

const alias = z
  .string()
  .trim()
  .min(2)
  .max(60)
  .regex(/^[^\n\r`]+$/)
  .meta({ description: 'another name of the service, 2 to 60 characters on one line' });

export const alertSettings = {
  alerts: z
    .strictObject({
      channels: z
        .record(
          channel,
          z
            .strictObject({
              patterns: z
                .array(pattern)
                .min(1)
                .max(20)
                .meta({ description: 'patterns, the first that fits counts' })
                .optional(),
              service: name('a service')
                .meta({ description: 'the service that alerts here are about where they name none' })
                .optional(),
            })
            .nullable()
            .meta({ description: 'patterns and service, each optional, or nothing' }),
        )
        .meta({ description: 'channels whose alerts are read, by their Slack id' })
        .optional(),
      aliases: z
        .record(
          name('a service'),
          z.array(alias).min(1).max(20).meta({ description: 'other names of the service' }),
        )
        .meta({ description: 'how else services are called in alerts' })
        .optional(),
      no_suspect: z
        .enum(['say', 'silent'])
        .meta({
          description:
            'what is said in the thread of an alert that no deployment explains: one line, or nothing',
        })
        .optional(),
    })
    .meta({ description: 'where alerts are watched, and how services are found in them' })
    .optional(),
};
