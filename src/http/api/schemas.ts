/** What goes over the wire, in both directions; the OpenAPI document is made of the same schemas. */

import { z } from 'zod';
import { isDigest, isFullSha } from '../../policy/artifacts.ts';
import { VERSION_SHAPE } from '../../terms/version-pattern.ts';

const count = z.int().min(0).max(1_000_000_000);
const service = z.string().min(1).max(100).describe('As the policy names it.');
const version = z
  .string()
  .regex(VERSION_SHAPE, 'must be a version such as v2.1.0')
  .describe('The release, e.g. v2.1.0.');
const sha = z
  .string()
  .refine(isFullSha, 'must be a full git commit: 40 or 64 lower-case hexadecimal digits')
  .meta({ pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$' });
const digest = z
  .string()
  .refine(isDigest, 'must be sha256: and 64 lower-case hexadecimal digits')
  .meta({ pattern: '^sha256:[0-9a-f]{64}$' });
const at = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time with an offset, such as 2026-01-05T10:00:00Z' })
  .describe(
    'RFC 3339 with an offset; now unless given. At most five minutes in the future, which counts as now.',
  );
const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .max(2_000)
  .describe('Where a person reads more.');

const findings = z
  .strictObject({ critical: count, high: count, medium: count, low: count })
  .describe('How many of each severity; all four are needed, 0 where there are none.');
const tests = z
  .strictObject({ passed: count, failed: count, skipped: count.default(0) })
  .describe('How many tests; skipped ones did not run, and do not count.');
const signature = z.strictObject({
  verified: z.boolean(),
  by: z.string().min(1).max(200).optional().describe('Whose signature it is.'),
});
const configuration = z.strictObject({
  schema_validated: z.boolean(),
  secrets_found: count.describe('Secrets found in the artifact.'),
  separate: z.boolean().describe('Whether it comes from outside the artifact.'),
});

/** `POST /releases` */
export const releaseBody = z
  .strictObject({
    service,
    version,
    sha: sha.describe('The full git commit it was built from.'),
    digest: digest.describe('Of the artifact; one for ever per version.'),
    tag: z.string().min(1).max(200).optional().describe('Image tag, e.g. v2.1.0-1a2b3c4.'),
    tree: sha.optional().describe('The git tree of the commit.'),
    checksum_verified: z.boolean().optional(),
    signature: signature.optional(),
    scan: findings.optional(),
    configuration: configuration.optional(),
    url: url.optional(),
    at: at.optional(),
  })
  .meta({ id: 'ReleaseToRegister' });
export type ReleaseBody = z.infer<typeof releaseBody>;

/** `POST /smoke` */
export const smokeBody = z
  .strictObject({
    service,
    environment: z.string().min(1).max(100).describe('As the policy names it.'),
    version,
    results: z
      .array(
        z.strictObject({
          test: z.string().min(1).max(100).describe('Its id in the policy, e.g. checkout_flow.'),
          outcome: z
            .enum(['passed', 'failed', 'unknown'])
            .describe('unknown: it could not be tried; never as good as passed.'),
          took_ms: count.optional(),
          problem: z
            .string()
            .max(200)
            .regex(/^[^\p{Cc}]*$/u, 'must be one line')
            .optional()
            .describe('What was wrong, in a few words for people; without secrets.'),
        }),
      )
      .min(1)
      .max(100),
  })
  .meta({ id: 'SmokeToReport' });
export type SmokeBody = z.infer<typeof smokeBody>;

export const smokeView = z.object({
  deployment: z.string().describe('The deployment that they are about.'),
  waiting_for: z.array(z.string()).describe('Tests of a pipeline that nobody has reported yet.'),
  verdict: z
    .enum(['pass', 'watch', 'hold', 'roll_back'])
    .nullable()
    .describe('What the run came to; null while it goes on.'),
});
export type SmokeView = z.infer<typeof smokeView>;

/** `POST /deployments` */
export const deploymentBody = z
  .strictObject({
    service,
    environment: z.string().min(1).max(100).describe('As the policy names it.'),
    version,
    state: z
      .enum(['moving', 'done', 'failed'])
      .describe(
        'moving: it is on its way · done: it has all traffic · failed: it did not come, or went back.',
      ),
    percent: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe('With moving: its share of the traffic; without, it is as it was, and 0 at first.'),
    reason: z
      .string()
      .max(200)
      .regex(/^[^\p{Cc}]*$/u, 'must be one line')
      .optional()
      .describe('With failed: why, in a few words for people; without secrets.'),
    sha: sha.optional(),
    digest: digest.optional(),
  })
  .meta({ id: 'DeploymentToReport' });
export type DeploymentBody = z.infer<typeof deploymentBody>;

export const deploymentView = z.object({
  deployment: z.string().describe('Its number here, e.g. D-1042.'),
  watched: z.boolean().describe('False once its watch is over.'),
});
export type DeploymentView = z.infer<typeof deploymentView>;

/** `POST /gates` */
export const gateBody = z
  .strictObject({
    service,
    version,
    gate: z.string().min(1).max(100).describe('Its id in the policy, e.g. unit_tests.'),
    status: z
      .enum(['passed', 'failed'])
      .describe(
        'Your own word: failed is never a pass; where the policy judges a figure, the figure must do as well.',
      ),
    tests: tests.optional(),
    percent: z.number().min(0).max(100).optional().describe('0 … 100, e.g. the coverage of new code.'),
    findings: findings.optional(),
    sha: sha.optional().describe('The commit it is about; without it, whatever commit the release is of.'),
    digest: digest.optional().describe('The artifact it is about; without it, whatever the release is.'),
    url: url.optional(),
    at: at.optional(),
  })
  .meta({ id: 'GateReport' });
export type GateBody = z.infer<typeof gateBody>;

export const releaseParams = z.object({ service: z.string(), version: z.string() });

const time = z.iso.datetime();

const releaseView = z
  .object({
    ...releaseBody.omit({ at: true }).shape,
    at: time.describe('When it was built, as CI said.'),
    by: z.string().describe('The key that registered it.'),
  })
  .meta({ id: 'Release' });
export type ReleaseView = z.infer<typeof releaseView>;

const gateView = z
  .object({
    ...gateBody.omit({ service: true, version: true, at: true }).shape,
    name: z
      .string()
      .nullable()
      .describe('As people read it; null where the policy does not ask for the gate.'),
    verdict: z
      .enum(['passed', 'failed'])
      .nullable()
      .describe('By the policy; null where it does not ask for the gate.'),
    says: z.string().nullable().describe('The verdict in words, or why the report does not count.'),
    counts: z
      .boolean()
      .describe('False where it is too old, about another build than the release, or a later one counts.'),
    counts_until: time.nullable().describe('null for as long as the release lives.'),
    at: time,
    by: z.string().describe('The key that reported it.'),
  })
  .meta({ id: 'Gate' });
export type GateView = z.infer<typeof gateView>;

export const registeredView = z.object({
  result: z.enum(['created', 'completed', 'same']),
  release: releaseView,
  gates: z.array(gateView).describe('What the facts mean as gates.'),
});

export const reportedView = z.object({
  result: z.enum(['new', 'same', 'older']).describe('older: kept, but a later one is there, which counts.'),
  service: z.string(),
  version: z.string(),
  gate: gateView,
});

export const knownView = z.object({
  service: z.string(),
  version: z.string(),
  release: releaseView.nullable().describe('null where no artifact is registered.'),
  gates: z.array(gateView),
  missing: z.array(z.object({ gate: z.string(), name: z.string() })).describe('Gates nobody reported yet.'),
  refusals: z
    .array(
      z.object({
        digest: z.string(),
        sha: z.string(),
        differs: z.array(z.string()),
        by: z.string(),
        at: time,
      }),
    )
    .describe('Attempts to give the version another build.'),
});
export type KnownView = z.infer<typeof knownView>;

export const problemView = z
  .looseObject({
    type: z.string().describe('urn:gonogo:problem: and the kind of problem.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong and what would be right.'),
    instance: z.string().describe('The path that was asked for.'),
    errors: z
      .array(z.object({ path: z.string().describe('JSON pointer into the body.'), message: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem' });
