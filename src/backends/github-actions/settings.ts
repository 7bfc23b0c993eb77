/** What stands in gonogo.yml for a backend of the kind `github-actions`. */

import { z } from 'zod';
import { secretRef } from '../../adapters/secrets.ts';
import { patternsIn, versionPatterns } from '../../adapters/version-pattern.ts';
import { isTagged } from '../../terms/version-pattern.ts';

const name = z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/);

const environment = z.strictObject({
  environment: z
    .string()
    .regex(/^[^\s/]{1,100}$/)
    .meta({ description: 'its name at GitHub; as here where not said' })
    .optional(),
  workflow: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+\.ya?ml$/)
    .meta({ description: 'the file in .github/workflows that deploys, begun by workflow_dispatch' }),
  ref: z
    .string()
    .regex(/^[^\s~^:?*[\\]{1,200}$/)
    .default('main')
    .meta({ description: 'the branch or tag from which the workflow is taken, for a rollback as well' }),
  steps: z
    .array(z.enum(['replace', 'set-weight', 'stand-up', 'batch', 'retire-old']))
    .min(1)
    .default(['replace'])
    .meta({ description: 'the steps that the workflow can take, by its input "step"' }),
  inputs: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/), z.string().max(1_000))
    .refine((inputs) => Object.keys(inputs).length <= 15, 'at most 15')
    .meta({ description: 'further inputs that are always the same' })
    .optional(),
  approve: z.boolean().default(false).meta({
    description:
      'what was decided in Slack also answers the protection rule and the reviews that runs wait for in this environment',
  }),
  unknown_runs: z.enum(['leave', 'reject']).default('leave').meta({
    description:
      'with approve: what a run gets that no deployment stands for: it is left waiting, or rejected with how to ask',
  }),
});

const service = z.strictObject({
  repository: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9_.-]{1,100}$/)
    .meta({ description: 'owner/name' }),
  tag: z
    .string()
    .refine((tag) => tag.split('{version}').length === 2, '{version} stands in it once')
    .default('{version}')
    .meta({
      description: 'how the tag of a release is called: {version} is v2.1.0; e.g. checkout-{version}',
    }),
  artifact: z
    .union([
      z.strictObject({ image: z.string().regex(/^[a-z0-9][a-z0-9._:/-]{0,254}$/) }),
      z.strictObject({ asset: z.string().min(1).max(200) }),
    ])
    .meta({
      description:
        'where the digest of a release is: an image that its notes name with @sha256:…, or a file attached to it ({version} is filled in)',
    }),
  version_pattern: versionPatterns
    .default(['v{semver}', '{semver}', '{date}'])
    .meta({ description: 'what a version is: other tags and branches are none' }),
  environments: z.record(z.string(), environment),
});

export const githubActionsSettings = z.strictObject({
  api_url: z
    .url({ protocol: /^https?$/ })
    .default('https://api.github.com')
    .meta({ description: 'GitHub Enterprise Server: https://github.example.com/api/v3' }),
  auth: z
    .union([
      z.strictObject({ app_id: z.int().min(1), installation_id: z.int().min(1), private_key: secretRef }),
      z.strictObject({ token: secretRef }),
    ])
    .meta({ description: 'a GitHub App, or a fine-grained token' }),
  webhook_secret: secretRef
    .meta({
      description:
        'by which GitHub signs what it posts to /webhooks/github/<name of this backend>; opens that door',
    })
    .optional(),
  services: z.record(name, service).meta({ description: 'where each service is at GitHub' }),
});

export type GithubActionsSettings = z.output<typeof githubActionsSettings>;
export type ServiceSettings = z.output<typeof service>;
export type EnvironmentSettings = z.output<typeof environment>;

export function tagOf({ tag }: Pick<ServiceSettings, 'tag'>, version: string): string {
  return tag.replace('{version}', version);
}

/** The version of a tag or branch; undefined where it is none of a version. */
export function versionOf(
  { tag, version_pattern: pattern }: Pick<ServiceSettings, 'tag' | 'version_pattern'>,
  ref: string,
): string | undefined {
  const [before = '', after = ''] = tag.split('{version}');
  const plain = ref.replace(/^refs\/tags\//, '');
  if (!plain.startsWith(before) || !plain.endsWith(after)) return undefined;
  const version = plain.slice(before.length, plain.length - after.length);
  return isTagged(version, patternsIn(pattern)) ? version : undefined;
}
