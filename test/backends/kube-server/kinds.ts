/** The kinds of objects that the server knows, each with the schema that it is held against. */

import type { ValidateFunction } from 'ajv';
import { createValidator, schemaFor } from './schema.ts';

export interface Kind {
  group: string;
  version: string;
  plural: string;
  kind: string;
  isCustom: boolean;
  validate: ValidateFunction;
}

/** Compiled once: it takes a while. */
const ajv = createValidator();
const compiled = new Map<string, ValidateFunction>();

function validatorOf(model: string): ValidateFunction {
  const known = compiled.get(model) ?? ajv.compile(schemaFor(model));
  compiled.set(model, known);
  return known;
}

export interface CustomKind {
  group: string;
  version: string;
  plural: string;
  kind: string;
  schema: object;
}

export function kindsWith(custom: readonly CustomKind[]): Kind[] {
  return [
    {
      group: 'apps',
      version: 'v1',
      plural: 'deployments',
      kind: 'Deployment',
      isCustom: false,
      validate: validatorOf('V1Deployment'),
    },
    {
      group: 'apps',
      version: 'v1',
      plural: 'replicasets',
      kind: 'ReplicaSet',
      isCustom: false,
      validate: validatorOf('V1ReplicaSet'),
    },
    {
      group: '',
      version: 'v1',
      plural: 'pods',
      kind: 'Pod',
      isCustom: false,
      validate: validatorOf('V1Pod'),
    },
    ...custom.map(({ schema, ...kind }) => {
      const name = JSON.stringify(kind);
      const validate = compiled.get(name) ?? ajv.compile(schema);
      compiled.set(name, validate);
      return { ...kind, isCustom: true, validate };
    }),
  ];
}
