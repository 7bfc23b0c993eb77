/** Who calls: HMAC-SHA256 over the raw request, compared in constant time, accepted once. */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { SignatureStore } from '../../conductor/ports/signature-store.ts';
import type { ApiKey } from '../../config/api-keys.ts';
import { type Clock, type Duration, MINUTE, SECOND } from '../../time.ts';
import { Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The name of the API key that signed the request. */
    apiKey: string;
  }
}

/** How far a timestamp may be from the time here, in both directions. */
const SIGNED_WITHIN: Duration = 5 * MINUTE;

export const HEADERS = {
  key: 'x-gonogo-key',
  timestamp: 'x-gonogo-timestamp',
  signature: 'x-gonogo-signature',
} as const;

export interface Signed {
  /** Unix seconds, as the header says them. */
  timestamp: string;
  method: string;
  /** Path with query, as on the wire. */
  path: string;
  body: Uint8Array;
}

/** Lower-case hex. */
export function signatureOf(secret: string, { timestamp, method, path, body }: Signed): string {
  return createHmac('sha256', secret).update(`v1:${timestamp}:${method}:${path}:`).update(body).digest('hex');
}

export interface AuthenticationOptions {
  /** By their names. */
  keys: ReadonlyMap<string, Pick<ApiKey, 'secret'>>;
  /** Real time: callers sign by it, however fast the other clock runs. */
  wallClock: Pick<Clock, 'now'>;
  signatures: SignatureStore;
  /** Throws where the address has failed too often. */
  countFailure(request: FastifyRequest): Promise<void>;
  /** Throws where the key has asked too often. */
  countRequest(request: FastifyRequest): Promise<void>;
}

export interface Authentication {
  /** Before the body is read. */
  requireKeys(request: FastifyRequest): Promise<void>;
  /** After the body is read, as bytes, and before anything looks into it. */
  authenticate(request: FastifyRequest): Promise<void>;
}

export function createAuthentication(options: AuthenticationOptions): Authentication {
  // An unknown key costs the same work as a known one, and gets the same answer.
  const standIn = randomBytes(32).toString('hex');

  function check(request: FastifyRequest): { key: string; signature: string } {
    const { key, timestamp, signature } = headersOf(request);
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const { method, url: path = '' } = request.raw;
    const secret = options.keys.get(key)?.secret;
    const right = signatureOf(secret ?? standIn, { timestamp, method: method ?? '', path, body });
    const isRight = timingSafeEqual(Buffer.from(right, 'hex'), Buffer.from(signature, 'hex'));
    if (!isRight || secret === undefined) {
      throw new Problem(
        'not_authentic',
        'The signature does not fit this key, timestamp, method, path and body. Check the name of the key, its secret, and that exactly the bytes that were signed are sent.',
      );
    }
    const now = options.wallClock.now();
    if (Math.abs(now - Number(timestamp) * SECOND) > SIGNED_WITHIN) {
      const here = Math.floor(now / SECOND);
      throw new Problem(
        'stale_timestamp',
        `The timestamp ${timestamp} is more than five minutes from the time here, ${here}. Sign again, and check the clock of the machine that signs.`,
      );
    }
    return { key, signature };
  }

  return {
    async requireKeys() {
      if (options.keys.size > 0) return;
      throw new Problem(
        'api_off',
        'Set GONOGO_API_KEYS to name=secret;services=*;gates=*, or GONOGO_API_KEYS_FILE to a file that holds it, and start GoNoGo again.',
      );
    },
    async authenticate(request) {
      let checked: ReturnType<typeof check>;
      try {
        checked = check(request);
      } catch (error) {
        await options.countFailure(request);
        throw error;
      }
      request.apiKey = checked.key;
      await options.countRequest(request);
      if (!(await options.signatures.use(checked.signature))) {
        throw new Problem('replayed', 'Sign again with a new timestamp: each signature is accepted once.');
      }
    },
  };
}

const SHAPES = [
  [HEADERS.key, /^[a-z][a-z0-9-]*$/, 'the name of a key'],
  [HEADERS.timestamp, /^\d{1,12}$/, 'Unix seconds'],
  [HEADERS.signature, /^v1=[0-9a-f]{64}$/, 'v1= and 64 lower-case hexadecimal digits'],
] as const;

function headersOf(request: FastifyRequest): { key: string; timestamp: string; signature: string } {
  const [key = '', timestamp = '', signature = ''] = SHAPES.map(([name, shape, what]) => {
    const value = request.headers[name];
    if (typeof value !== 'string') throw new Problem('not_authentic', `The header ${name} is missing.`);
    if (!shape.test(value)) throw new Problem('not_authentic', `The header ${name} must hold ${what}.`);
    return value;
  });
  return { key, timestamp, signature: signature.slice('v1='.length) };
}
