/** The OpenAPI document: valid, complete, and true of what the API really answers. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Answer, type ApiStage, ARTIFACT, BUILD, startApi } from './api-stage.ts';

interface Operation {
  operationId: string;
  summary: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, { name: string }>; schemas: Record<string, object> };
}

let stage: ApiStage;
let document: Document;
beforeEach(async () => {
  stage = await startApi();
  document = (await (await fetch(`${stage.url}/api/v1/openapi.json`)).json()) as Document;
});
afterEach(() => stage.close());

const operations = (): [string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );

type Validate = (data: unknown) => string;
/** Many answers are of one kind: each schema is compiled once. */
const compiled = new Map<string, Validate>();

function validate(schema: object): Validate {
  const whole = JSON.stringify({ ...schema, $defs: document.components.schemas });
  const check =
    compiled.get(whole) ?? compile(JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')));
  compiled.set(whole, check);
  return check;
}

/** What it does not know of JSON Schema 2020-12 is an error. */
function compile(schema: object): Validate {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  const check = ajv.compile(schema);
  return (data) => (check(data) ? 'fits' : ajv.errorsText(check.errors));
}

it('GT-1: is OpenAPI 3.1, and has every route there is', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'GoNoGo', version: '1' } });
  const there = stage.routes
    .filter((route) => route.includes('/api/v1') && !route.startsWith('HEAD'))
    .map((route) => route.replace(/:(\w+)/g, '{$1}'));
  expect(there.length).toBeGreaterThan(3);
  expect(operations().map(([name]) => name)).toEqual(there);
});

it('GT-1: asks for all three headers wherever the API does, and describes what every path takes', () => {
  expect(Object.values(document.components.securitySchemes).map(({ name }) => name)).toEqual([
    'x-gonogo-key',
    'x-gonogo-timestamp',
    'x-gonogo-signature',
  ]);
  const ids = operations().map(([, { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [name, operation] of operations()) {
    const open = name.endsWith('/openapi.json');
    expect(operation.security, name).toEqual(open ? undefined : [{ key: [], timestamp: [], signature: [] }]);
    expect(operation.summary, name).not.toBe('');
    const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, found]) => found);
    const described = (operation.parameters ?? []).filter((one) => one.in === 'path' && one.required);
    expect(
      described.map((one) => one.name),
      name,
    ).toEqual(inPath);
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      expect(status).toMatch(/^\d{3}$/);
      expect(description, `${name} ${status}`).not.toBe('');
      for (const { schema } of Object.values(content)) validate(schema);
    }
    for (const { schema } of Object.values(operation.requestBody?.content ?? {})) validate(schema);
  }
});

it('GT-1: is true of what the API answers', async () => {
  const fits = (name: string, { status, headers, body }: Answer): void => {
    const operation = operations().find(([one]) => one === name)?.[1];
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    const schema = operation?.responses[status]?.content[type]?.schema;
    if (schema === undefined) throw new Error(`${name} says nothing of ${status} ${type}`);
    expect(validate(schema)(body), `${name} ${status}`).toBe('fits');
  };
  const release = 'POST /api/v1/releases';
  fits(release, await stage.release(ARTIFACT));
  fits(release, await stage.release({ ...ARTIFACT, tag: 'x', signature: { verified: true } }));
  fits(release, await stage.release({ ...ARTIFACT, digest: `sha256:${'c'.repeat(64)}` }));
  const gate = 'POST /api/v1/gates';
  fits(gate, await stage.gate(BUILD));
  fits(gate, await stage.gate(BUILD));
  fits(gate, await stage.gate({ ...BUILD, gate: 'bild' }));
  fits(gate, await stage.gate({ ...BUILD, service: 'basket' }));
  fits(gate, await stage.gate(BUILD, { secret: 'x' }));
  fits(gate, await stage.gate(BUILD, { headers: { 'content-type': 'text/plain' } }));
  const known = 'GET /api/v1/releases/{service}/{version}';
  fits(known, await stage.known('v2.1.0'));
  fits(known, await stage.known('v2.0.0'));
  fits(known, await stage.known('v9.9.9'));
});

it('GT-1: takes what its schema of a gate takes, and refuses what it refuses', async () => {
  await stage.release(ARTIFACT);
  const body = operations().find(([name]) => name === 'POST /api/v1/gates')?.[1].requestBody;
  const check = validate(body?.content['application/json']?.schema ?? {});
  for (const change of [
    {},
    { percent: 80 },
    { percent: 101 },
    { sha: 'abc' },
    { extra: 1 },
    { status: 'ok' },
  ]) {
    const report = { ...BUILD, ...change };
    const { status } = await stage.gate(report);
    expect([check(report) === 'fits', status < 300]).toEqual([status < 300, status < 300]);
  }
});
