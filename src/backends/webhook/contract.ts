/** What is said between GoNoGo and a backend of the kind `webhook`: docs/backends/webhook.openapi.json is made of it. */

import { z } from 'zod';
import { VERSION_SHAPE } from '../../terms/version-pattern.ts';

const version = z
  .string()
  .regex(VERSION_SHAPE)
  .meta({ description: 'as its team tags it: `v2.1.0`, `2026.11.27`, `checkout@2.1.0`' });
const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .meta({ description: '`sha256:…` of the artifact' });
const sha = z
  .string()
  .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/)
  .meta({ description: 'full git commit' });

export const targetBody = z.strictObject({ service: z.string(), environment: z.string() });

export const changeBody = targetBody.extend({
  version,
  sha,
  digest: digest.meta({ description: 'what was signed: this is run, not what the version points to by now' }),
  previous: version.nullable().meta({ description: 'what it replaces' }),
});

const stepBody = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('set-weight'), percent: z.number().gt(0).max(100) })
    .meta({ description: 'give the new version this share of the traffic; 100: all of it' }),
  z.strictObject({ kind: z.literal('stand-up') }).meta({ description: 'whole and healthy, without traffic' }),
  z
    .strictObject({
      kind: z.literal('batch'),
      number: z.int().min(1),
      of: z.int().min(1),
      keep: z
        .number()
        .min(0)
        .max(99)
        .meta({
          description:
            'percent of the instances that must stay in service meanwhile; refuse or say the problem where fewer would',
        })
        .optional(),
    })
    .meta({ description: 'replace one part of the instances' }),
  z.strictObject({ kind: z.literal('replace') }).meta({ description: 'replace all at once' }),
  z
    .strictObject({ kind: z.literal('retire-old') })
    .meta({ description: 'take down what the new version has replaced' }),
]);

const key = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'a second request with it has no effect, however late; also in Idempotency-Key' });

const command = {
  key,
  deployment: z.string().min(1).max(40).meta({
    description:
      'whose command it is: its number, and behind the @ the record that gave it, `D-1042@mh3kq2x0`',
  }),
  sequence: z.int().min(1).meta({
    description:
      'rises from command to command of a record in a place, also from deployment to deployment, up to 2^53; one that is lower than one that came already has no effect, like a known key',
  }),
  change: changeBody,
};

export const applyBody = z.strictObject({ ...command, step: stepBody });

export const rollbackBody = z.strictObject({
  ...command,
  to: version
    .nullable()
    .meta({ description: 'gets all traffic back, whatever is under way; null: take the new version out' }),
});

/** What is answered may have more in it than is read; a page of whatever stands between is no answer. */
export const accepted = z
  .looseObject({})
  .meta({ description: 'accepted: that it is carried out, only what is observed says' });

const running = z.string().min(1).max(100).nullable();

export const observationAnswer = z.object({
  stable: running.meta({ description: 'has the traffic that the canary has not; null where nothing runs' }),
  canary: running.meta({ description: 'is beside it; null where none is' }),
  standby: running.meta({ description: 'is there, whole and healthy, without traffic' }).optional(),
  weight: z
    .number()
    .min(0)
    .max(100)
    .meta({ description: "the canary's share in percent, as it really is; 0 without a canary" }),
  health: z
    .enum(['passing', 'failing', 'unknown'])
    .meta({ description: 'the health check of the newest version with traffic' }),
  digests: z
    .record(z.string(), z.string())
    .meta({ description: 'by version, of what really runs' })
    .optional(),
  problem: z
    .string()
    .min(1)
    .max(500)
    .meta({ description: 'why the last command will not be carried out, in words; a person must decide' })
    .nullable()
    .optional(),
});

export const versionsAnswer = z.object({
  releases: z
    .array(
      z.object({
        version,
        sha,
        digest,
        built_at: z.iso.datetime({ offset: true }),
        title: z.string().max(300).optional(),
      }),
    )
    .max(2_000),
});
