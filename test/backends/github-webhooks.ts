/** Webhooks as GitHub sends them: whole by its own OpenAPI document, and signed. */

import { createHmac, randomUUID } from 'node:crypto';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { Delivery } from '../../src/backends/port.ts';
import { githubDocument } from './github-openapi.ts';

export const WEBHOOK_SECRET = 'what only GitHub and GoNoGo know';

const SCHEMAS = {
  deployment_protection_rule: 'webhook-deployment-protection-rule-requested',
  deployment_review: 'webhook-deployment-review-requested',
  deployment_status: 'webhook-deployment-status-created',
  workflow_run: 'webhook-workflow-run-completed',
  ping: 'webhook-ping',
} as const;

export type WebhookEvent = keyof typeof SCHEMAS;

interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
}

type Schemas = Record<string, Schema>;

const ajv = new Ajv({ strict: false, validateSchema: false, logger: false });
addFormats.default(ajv);

/** With those that they name, and so on. */
function closure(all: Schemas, names: readonly string[]): Schemas {
  const found = new Map<string, Schema>();
  const wanted = [...names];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const schema = all[name];
    if (schema === undefined || found.has(name)) continue;
    found.set(name, schema);
    for (const [, other = ''] of JSON.stringify(schema).matchAll(/#\/components\/schemas\/([^"]+)/g))
      wanted.push(other);
  }
  return Object.fromEntries(found);
}

let schemas: Schemas | undefined;

function described(): Schemas {
  if (schemas !== undefined) return schemas;
  const { components } = githubDocument() as unknown as { components: { schemas: Schemas } };
  const used = closure(components.schemas, Object.values(SCHEMAS));
  // A word of OpenAPI 3.0 that means something beside a type alone.
  schemas = JSON.parse(JSON.stringify(used), (_key, value: Schema) => {
    if (value?.nullable === true && value.type === undefined) delete value.nullable;
    return value;
  }) as Schemas;
  ajv.addSchema({ components: { schemas } }, 'github');
  return schemas;
}

/** With everything that is required, and `more` over it. */
export function webhookBody(event: WebhookEvent, more: object): string {
  const all = described();
  const schema = all[SCHEMAS[event]];
  if (schema === undefined) throw new Error(`GitHub does not describe ${event} any more`);
  const body = over(example(all, schema), more);
  if (ajv.validate({ $ref: `github#/components/schemas/${SCHEMAS[event]}` }, body) !== true)
    throw new Error(`not what GitHub sends as ${event}: ${ajv.errorsText()}`);
  return JSON.stringify(body);
}

export function delivered(event: string, body: string, secret = WEBHOOK_SECRET): Delivery {
  return {
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-delivery': randomUUID(),
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body: Buffer.from(body),
  };
}

/** What the job of a run sends that a protection rule stops. */
export function asksFor(of: {
  run: number;
  deployment: number;
  sha: string;
  event?: string;
  environment?: string;
  repository?: string;
}): Delivery {
  const { run, deployment, sha, event = 'push', environment = 'production' } = of;
  const { repository = 'acme/checkout' } = of;
  const body = webhookBody('deployment_protection_rule', {
    action: 'requested',
    environment,
    event,
    sha,
    ref: 'refs/heads/main',
    deployment_callback_url: `https://api.github.com/repos/${repository}/actions/runs/${run}/deployment_protection_rule`,
    deployment: { id: deployment, sha, ref: 'main', environment },
    repository: { full_name: repository },
  });
  return delivered('deployment_protection_rule', body);
}

function over(base: unknown, more: unknown): unknown {
  if (typeof base !== 'object' || base === null || Array.isArray(base)) return more;
  if (typeof more !== 'object' || more === null || Array.isArray(more)) return more;
  const merged = new Map<string, unknown>(Object.entries(base));
  for (const [name, value] of Object.entries(more)) merged.set(name, over(merged.get(name), value));
  return Object.fromEntries(merged);
}

function example(all: Schemas, schema: Schema, name = ''): unknown {
  if (schema.$ref !== undefined) {
    const found = all[schema.$ref.split('/').at(-1) ?? ''];
    return found === undefined ? undefined : example(all, found, name);
  }
  const { allOf, oneOf, anyOf } = schema;
  if (allOf !== undefined) return Object.assign({}, ...allOf.map((one) => example(all, one, name) as object));
  const [either] = oneOf ?? anyOf ?? [];
  if (either !== undefined && schema.properties === undefined) return example(all, either, name);
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case 'object':
    case undefined: {
      const { properties = {}, required = [] } = schema;
      // Those at the top that are not called required come all the same.
      const wanted = name === '' ? Object.keys(properties) : required;
      return Object.fromEntries(
        wanted.flatMap((key) => {
          const of = properties[key];
          return of === undefined ? [] : [[key, example(all, of, key)]];
        }),
      );
    }
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return false;
    default:
      return STRINGS[schema.format ?? ''] ?? 'x';
  }
}

const STRINGS: Readonly<Record<string, string>> = {
  uri: 'https://github.com/x',
  'uri-template': 'https://github.com/{x}',
  'date-time': '2026-01-05T12:00:00Z',
  email: 'x@example.com',
};
