/** Bodies: kept as the bytes that were signed, and read as JSON only once the signature is known to fit. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

export const MAX_BODY = 64 * 1024;

export function readAsBytes(api: FastifyInstance): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_BODY },
    (_request, body, done) => done(null, body),
  );
}

/** After authentication, and before validation. */
export async function readJson(request: FastifyRequest): Promise<void> {
  if (!Buffer.isBuffer(request.body)) return;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(request.body);
    request.body = JSON.parse(text) as unknown;
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    throw new Problem('not_json', `The body was signed rightly, and cannot be read: ${why}.`);
  }
}
