/** The API's paths: which method, what goes in and out, and who answers. */

import type { FastifyInstance, preValidationAsyncHookHandler, RouteShorthandOptions } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MAX_BODY } from './body.ts';
import { reportDeployment, reportSmoke } from './deployment-answers.ts';
import { reportGate } from './gate-answers.ts';
import { refusals, SIGNED } from './openapi.ts';
import type { ApiOptions } from './options.ts';
import { Problem } from './problem.ts';
import { getRelease, registerRelease } from './release-answers.ts';
import {
  deploymentBody,
  deploymentView,
  gateBody,
  knownView,
  registeredView,
  releaseBody,
  releaseParams,
  reportedView,
  smokeBody,
  smokeView,
} from './schemas.ts';

type Guard = Pick<RouteShorthandOptions, 'onRequest'> & { preValidation: preValidationAsyncHookHandler[] };

const ALWAYS = [
  'not_authentic',
  'stale_timestamp',
  'replayed',
  'not_for_this_key',
  'too_many_requests',
  'fault',
  'api_off',
  'busy',
] as const;
const WITH_BODY = [...ALWAYS, 'not_json', 'too_large', 'wrong_media_type', 'invalid'] as const;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

export function addRoutes(server: FastifyInstance, options: ApiOptions, guard: Guard): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  const signed = { ...guard, bodyLimit: MAX_BODY };

  api.post(
    '/releases',
    {
      ...signed,
      schema: {
        operationId: 'registerRelease',
        summary: 'Register the artifact of a version',
        security: SIGNED,
        body: releaseBody,
        response: {
          201: registeredView.describe('It is registered.'),
          200: registeredView.describe(
            'It was registered before: the same, or completed by what was missing.',
          ),
          ...refusals(...WITH_BODY, 'unknown_service', 'another_build'),
        },
      },
    },
    async (request, reply) => {
      const answer = await registerRelease(options, request.body, request.apiKey);
      return reply.code(answer.result === 'created' ? 201 : 200).send(answer);
    },
  );

  api.post(
    '/gates',
    {
      ...signed,
      schema: {
        operationId: 'reportGate',
        summary: 'Report one gate of a release',
        security: SIGNED,
        body: gateBody,
        response: {
          201: reportedView.describe('It counts from now on.'),
          200: reportedView.describe('It was reported before, or a later report counts.'),
          ...refusals(...WITH_BODY, 'unknown_service', 'unknown_release', 'backend_silent'),
        },
      },
    },
    async (request, reply) => {
      const answer = await reportGate(options, request.body, request.apiKey);
      return reply.code(answer.result === 'new' ? 201 : 200).send(answer);
    },
  );

  api.post(
    '/smoke',
    {
      ...signed,
      schema: {
        operationId: 'reportSmoke',
        summary: 'Report smoke tests of what is deployed',
        security: SIGNED,
        body: smokeBody,
        response: {
          200: smokeView.describe('They count; what is still waited for, and the verdict.'),
          ...refusals(...WITH_BODY, 'unknown_service', 'not_asked'),
        },
      },
    },
    async (request) => reportSmoke(options, request.body, request.apiKey),
  );

  api.post(
    '/deployments',
    {
      ...signed,
      schema: {
        operationId: 'reportDeployment',
        summary: 'Report a deployment of a service that is only watched',
        security: SIGNED,
        body: deploymentBody,
        response: {
          200: deploymentView.describe('It is shown, and judged while it is watched.'),
          ...refusals(...WITH_BODY, 'unknown_service', 'not_watched'),
        },
      },
    },
    async (request) => reportDeployment(options, request.body, request.apiKey),
  );

  api.get(
    '/releases/:service/:version',
    {
      ...signed,
      schema: {
        operationId: 'getRelease',
        summary: 'What is known of a release',
        security: SIGNED,
        params: releaseParams,
        response: {
          200: knownView.describe('Its artifact, its gates, and attempts to replace it.'),
          ...refusals(...ALWAYS, 'unknown_service', 'unknown_release', 'backend_silent'),
        },
      },
    },
    async (request) => getRelease(options, request.params, request.apiKey),
  );

  api.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'getDescription',
        summary: 'This description; it needs no signature',
        response: { 200: z.looseObject({}).describe('OpenAPI 3.1') },
      },
    },
    async () => ({ ...api.swagger() }),
  );

  allowOnly(api, '/releases', ['POST']);
  allowOnly(api, '/gates', ['POST']);
  allowOnly(api, '/smoke', ['POST']);
  allowOnly(api, '/deployments', ['POST']);
  allowOnly(api, '/releases/:service/:version', ['GET', 'HEAD']);
  allowOnly(api, '/openapi.json', ['GET', 'HEAD']);
}

function allowOnly(api: FastifyInstance, url: string, allowed: readonly (typeof METHODS)[number][]): void {
  api.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url,
    schema: { hide: true },
    async onRequest(request) {
      const allow = allowed.join(', ');
      throw new Problem('method_not_allowed', `${request.method} is not for this path; ${allow} is.`, {
        headers: { allow },
      });
    },
    handler: async () => undefined,
  });
}
