/** The signed HTTP API by which CI reports gates and artifacts (GT-1, GT-3): put together from its parts. */

import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { createAuthentication } from './authentication.ts';
import { readAsBytes, readJson } from './body.ts';
import { createLimits } from './limits.ts';
import { describeApi } from './openapi.ts';
import type { ApiOptions } from './options.ts';
import { Problem, problemOf, sendProblem } from './problem.ts';
import { addRoutes } from './routes.ts';
import { validatorFor } from './validation.ts';

export const API_PATH = '/api/v1';

/** Less what only matters to pages, and what is for whoever ends TLS to say. The server sets the content policy. */
const FOR_JSON: FastifyHelmetOptions = {
  contentSecurityPolicy: false,
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xXssProtection: false,
};

export async function addApi(api: FastifyInstance, options: ApiOptions): Promise<void> {
  const { keys, wallClock, signatures, log } = options;
  await api.register(helmet, FOR_JSON);
  const limits = await createLimits(api, wallClock);
  const { requireKeys, authenticate } = createAuthentication({ keys, wallClock, signatures, ...limits });
  await describeApi(api);

  readAsBytes(api);
  api.decorateRequest('apiKey', '');
  api.setValidatorCompiler(validatorFor);
  api.setSerializerCompiler(() => (data) => JSON.stringify(data));
  api.setErrorHandler((error, request, reply) => sendProblem(reply, problemOf(error, log), request));
  api.setNotFoundHandler((request, reply) =>
    sendProblem(
      reply,
      new Problem('not_found', `${API_PATH}/openapi.json describes the paths there are.`),
      request,
    ),
  );
  addRoutes(api, options, { onRequest: requireKeys, preValidation: [authenticate, readJson] });
}
