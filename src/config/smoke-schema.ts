/** The part of gonogo.yml about smoke tests: where they may go, what they try, and what a failure means (SM-1 to SM-4). */

import { z } from 'zod';
import { secretRef } from '../adapters/secrets.ts';
import { SMOKE_CATEGORIES, SMOKE_TESTERS } from '../terms/smoke.ts';
import { name } from './schema-words.ts';

interface Words {
  id(what: string): z.ZodString;
  line(what: string): z.ZodString;
  duration: z.ZodString;
}

const HOST = /^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(:[0-9]{1,5})?$/;
const HEADER = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;

const hostName = z
  .string()
  .regex(HOST)
  .meta({ description: 'a host such as shop.example.com, with :8443 where the port is not the usual one' });

const placeholders = '{{name}} stands for a secret, a kept value or {{version}}';

const headers = z
  .record(
    z.string().regex(HEADER).meta({ description: 'the name of a header' }),
    z
      .string()
      .max(1_000)
      .regex(/^[^\n\r]*$/),
  )
  .meta({ description: `headers by name; ${placeholders}` });

const valueName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .meta({ description: 'a name for a value: small letters, digits and "_", at most 40, a letter first' });

const baseUrl = z
  .url({ protocol: /^https?$/ })
  .max(300)
  .meta({ description: 'an address such as https://shop.example.com, which paths are put behind' });

const path = z
  .string()
  .regex(/^\/[^\s#]{0,999}$/)
  .meta({ description: `a path such as /healthz; ${placeholders}` });

const status = z.int().min(100).max(599);

const kept = z
  .union([
    z.strictObject({
      header: z.string().regex(HEADER).meta({ description: 'the header of the answer that it is in' }),
    }),
    z.strictObject({
      json: z
        .string()
        .regex(/^[^.\s]+(\.[^.\s]+)*$/)
        .max(200)
        .meta({ description: 'where it stands in the JSON of the answer: data.token' }),
    }),
    z.strictObject({
      after: z.string().min(1).max(500).meta({ description: 'the text that it stands after' }),
      before: z.string().min(1).max(500).meta({ description: 'the text that it stands before' }),
    }),
  ])
  .meta({
    description:
      'where a value stands in the answer: { header: name }, { json: data.token }, or { after: text, before: text }',
  });

export function smokeSettings({ duration }: Pick<Words, 'duration'>) {
  return {
    smoke: z
      .strictObject({
        hosts: z
          .array(
            z.union([
              hostName,
              z.strictObject({
                host: hostName,
                private: z.boolean().meta({ description: 'it may have an address of a private network' }),
              }),
            ]),
          )
          .meta({ description: 'the only hosts that smoke tests go to' })
          .optional(),
        hold_over: z
          .number()
          .min(0)
          .max(100)
          .meta({
            description: 'more failures than this, in percent of those not critical, hold and ask: 0 to 100',
          })
          .optional(),
        within: duration.meta({ description: 'how long all of them together may take, up to 5m' }).optional(),
        flaky_over: z
          .number()
          .min(0)
          .max(100)
          .meta({ description: 'a test that was flaky in more of its runs than this, in percent, is named' })
          .optional(),
        baseline: baselineSchema(duration).optional(),
      })
      .meta({ description: 'where smoke tests may go, and what their failures mean' })
      .optional(),
  };
}

const baselineSchema = (duration: z.ZodString) =>
  z
    .strictObject({
      home: wait(duration).optional(),
      p50: wait(duration).optional(),
      p99: wait(duration).optional(),
    })
    .meta({ description: 'how long a home page, the median and the slowest hundredth may take' });

/** Shorter than a second is written in milliseconds. */
const wait = (duration: z.ZodString) =>
  z
    .union([duration, z.string().regex(/^\d{1,6}ms$/)])
    .meta({ description: 'a duration such as "500ms" or "2s"' });

export function serviceSmoke({ id, line, duration }: Words) {
  const request = {
    get: path.optional(),
    head: path.optional(),
    post: path.optional(),
    put: path.optional(),
    delete: path.optional(),
    headers: headers.optional(),
    form: z
      .record(z.string().min(1).max(200), z.string().max(5_000))
      .meta({ description: `fields of a form that is sent; ${placeholders}` })
      .optional(),
    json: z
      .json()
      .meta({ description: `JSON that is sent; ${placeholders}` })
      .optional(),
    body: z
      .string()
      .max(20_000)
      .meta({ description: `a text that is sent; ${placeholders}` })
      .optional(),
    expect: z
      .strictObject({
        status: z
          .union([status, z.array(status).min(1).max(10)])
          .meta({ description: 'a status such as 200, or a list; 200 where nothing is said' })
          .optional(),
        contains: z
          .string()
          .min(1)
          .max(1_000)
          .meta({ description: 'a text that the answer contains' })
          .optional(),
        headers: headers.optional(),
        within: wait(duration).optional(),
      })
      .meta({ description: 'what the answer must be' })
      .optional(),
    keep: z
      .record(valueName, kept)
      .meta({ description: 'values of the answer that later requests use, by name' })
      .optional(),
  };
  const test = z
    .strictObject({
      name: line('how the test is called where people read it').optional(),
      category: z.enum(SMOKE_CATEGORIES).meta({ description: SMOKE_CATEGORIES.join(', ') }),
      critical: z
        .boolean()
        .meta({ description: 'whether its failure rolls back at once; true for health and authentication' })
        .optional(),
      by: z
        .enum(SMOKE_TESTERS)
        .meta({
          description:
            'gonogo: over HTTP, as it says here · ci: reported over the API · backend: by the backend',
        })
        .optional(),
      after_rollback: z
        .boolean()
        .meta({ description: 'whether the version before must pass it after a rollback; true unless said' })
        .optional(),
      home: z.boolean().meta({ description: 'it is held against baseline.home' }).optional(),
      ...request,
      steps: z
        .array(z.strictObject(request))
        .min(1)
        .max(20)
        .meta({ description: 'requests in their order; cookies and kept values are carried on' })
        .optional(),
    })
    .meta({ description: 'one smoke test: a request, or steps' });
  return z
    .strictObject({
      environments: z
        .record(
          name('an environment'),
          z.strictObject({
            base: baseUrl,
            arm: z
              .strictObject({ base: baseUrl.optional(), headers: headers.optional() })
              .meta({
                description:
                  'an address, or headers, by which a request reaches the new version while traffic is split',
              })
              .optional(),
          }),
        )
        .meta({ description: 'where the service answers, by environment' })
        .optional(),
      secrets: z
        .record(valueName, secretRef)
        .meta({ description: 'secrets that requests use as {{name}}' })
        .optional(),
      baseline: baselineSchema(duration).optional(),
      tests: z
        .record(id('a smoke test'), test)
        .refine((tests) => Object.keys(tests).length <= 100, { params: { allowed: 'at most 100 tests' } })
        .meta({ description: 'smoke tests by name' }),
    })
    .meta({ description: 'what is tried of each new version once it is there' });
}
