/**
 * JSON schemas of Kubernetes' objects. The client library's models are generated from the published OpenAPI; names, types
 * and what is required are taken from there, so that they are those of the API version it speaks.
 */

import { readFileSync } from 'node:fs';
import * as client from '@kubernetes/client-node';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Schema = Record<string, unknown>;
interface Model {
  getAttributeTypeMap(): { baseName: string; name: string; type: string; format: string }[];
}

const MODELS = new URL('gen/models/', import.meta.resolve('@kubernetes/client-node'));

function modelOf(name: string): Model | undefined {
  const found = (client as unknown as Record<string, Partial<Model> | undefined>)[name];
  return found?.getAttributeTypeMap === undefined ? undefined : (found as Model);
}

/** What the generated types do not mark with a question mark. */
function requiredOf(name: string): string[] {
  const text = readFileSync(new URL(`${name}.d.ts`, MODELS), 'utf8');
  return [...text.matchAll(/^ {4}'([^']+)': /gm)].map(([, property = '']) => property);
}

const PLAIN: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  any: {},
  object: { type: 'object' },
  Date: { type: 'string', format: 'date-time' },
  V1MicroTime: { type: 'string', format: 'date-time' },
  IntOrString: { type: ['integer', 'string'] },
};

export function schemaFor(name: string): Schema {
  const definitions: Record<string, Schema> = {};
  const schema = typed(name, '');
  return { ...schema, definitions };

  function typed(type: string, format: string): Schema {
    const list = /^Array<(.*)>$/.exec(type) ?? /^Set<(.*)>$/.exec(type);
    if (list?.[1] !== undefined) return { type: 'array', items: typed(list[1], format) };
    const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
    if (map?.[1] !== undefined) return { type: 'object', additionalProperties: typed(map[1], format) };
    const plain = PLAIN[type];
    if (plain !== undefined) return /^int/.test(format) ? { type: 'integer' } : plain;
    define(type);
    return { $ref: `#/definitions/${type}` };
  }

  function define(type: string): void {
    if (definitions[type] !== undefined) return;
    const model = modelOf(type);
    if (model === undefined) throw new Error(`the client has no model ${type}`);
    const properties: Record<string, Schema> = {};
    const required = requiredOf(type);
    definitions[type] = {
      type: 'object',
      properties,
      additionalProperties: false,
      required: model
        .getAttributeTypeMap()
        .filter(({ name: property }) => required.includes(property))
        .map(({ baseName }) => baseName),
    };
    for (const { baseName, type: inner, format } of model.getAttributeTypeMap()) {
      properties[baseName] = typed(inner, format);
    }
  }
}

export function createValidator(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  return ajv;
}

/** `spec.replicas: must be integer`; empty where it is as it should be. What is null counts as not there. */
export function faultsIn(validate: ValidateFunction, object: unknown): string[] {
  if (validate(withoutNulls(object))) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const path = instancePath.slice(1).replaceAll('/', '.');
    const extra = 'additionalProperty' in params ? `: "${params.additionalProperty}"` : '';
    return `${path}: ${message}${extra}`;
  });
}

export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}
