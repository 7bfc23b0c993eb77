/** A door for what other programs post: so many in a minute, of so many bytes, and handed on as they came, for signatures are over the bytes. */

import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { MINUTE } from '../time.ts';

export async function takeRawJson(
  server: FastifyInstance,
  { maxPerMinute, bodyLimit }: { maxPerMinute: number; bodyLimit: number },
): Promise<void> {
  await server.register(rateLimit, { max: maxPerMinute, timeWindow: MINUTE });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body),
  );
}

/** Empty where nothing was posted. */
export const bytesOf = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));
