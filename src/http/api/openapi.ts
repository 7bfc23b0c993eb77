/** The OpenAPI 3.1 document, made of the schemas that the routes check with. */

import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { HEADERS } from './authentication.ts';
import { PROBLEM_TYPE, PROBLEMS, type ProblemKind } from './problem.ts';
import { problemView } from './schemas.ts';

const SIGNING =
  'HMAC-SHA256 with the secret of the key over "v1:" + timestamp + ":" + METHOD + ":" + path with query + ":" + raw body.';

const header = (name: string, description: string) =>
  ({ type: 'apiKey', in: 'header', name, description }) as const;

/** Every signed route asks for all three headers. */
export const SIGNED = [{ key: [], timestamp: [], signature: [] }];

/** Must come before the routes: it looks at each as it is added. */
export async function describeApi(api: FastifyInstance): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'GoNoGo',
        version: '1',
        description: 'By which CI reports gates and artifacts of releases. docs/ci.md shows how to sign.',
      },
      components: {
        securitySchemes: {
          key: header(HEADERS.key, 'The name of the key.'),
          timestamp: header(
            HEADERS.timestamp,
            'Unix seconds, at most five minutes from the time of the server.',
          ),
          signature: header(HEADERS.signature, `v1= and, in lower-case hex, ${SIGNING}`),
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}

/** Answers of a route that are refusals, one per status. */
export function refusals(...kinds: ProblemKind[]): Record<number, object> {
  const titles = new Map<number, string[]>();
  for (const kind of kinds) {
    const { status, title } = PROBLEMS[kind];
    titles.set(status, [...(titles.get(status) ?? []), `${title} (${kind})`]);
  }
  return Object.fromEntries(
    [...titles].map(([status, says]) => [
      status,
      { description: `${says.join('; ')}.`, content: { [PROBLEM_TYPE]: { schema: problemView } } },
    ]),
  );
}
