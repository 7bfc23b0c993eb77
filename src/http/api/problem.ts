/** Problem details (RFC 9457): every refusal of the API, with what is wrong, where, and what would be right. */

import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseBusy } from '../../conductor/ports/faults.ts';
import { defined } from '../../defined.ts';
import type { Log } from '../../log.ts';

/** One row per kind of refusal; docs/ci.md says the cause and the cure of each. */
export const PROBLEMS = {
  not_json: { status: 400, title: 'The body is not JSON' },
  bad_request: { status: 400, title: 'The request cannot be read' },
  not_authentic: { status: 401, title: 'The request is not signed by a key that is known here' },
  stale_timestamp: { status: 401, title: 'The timestamp is too far from the time here' },
  not_for_this_key: { status: 403, title: 'The key is not for this' },
  not_found: { status: 404, title: 'There is no such path' },
  unknown_service: { status: 404, title: 'The policy has no such service' },
  unknown_release: { status: 404, title: 'There is no such release' },
  method_not_allowed: { status: 405, title: 'The path knows no such method' },
  replayed: { status: 409, title: 'This signature was used before' },
  another_build: { status: 409, title: 'The version has another build already' },
  not_watched: { status: 409, title: 'This is not watched here' },
  not_asked: { status: 409, title: 'Nobody asks for this now' },
  too_large: { status: 413, title: 'The body is too large' },
  wrong_media_type: { status: 415, title: 'The body must be JSON' },
  invalid: { status: 422, title: 'The body does not say what is needed' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  fault: { status: 500, title: 'Something went wrong here' },
  api_off: { status: 503, title: 'The API has no keys yet' },
  backend_silent: { status: 503, title: 'The backend could not be asked' },
  busy: { status: 503, title: 'The record is busy' },
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

export interface FieldProblem {
  /** JSON pointer into the body. */
  path: string;
  message: string;
}

export const PROBLEM_TYPE = 'application/problem+json';

interface More {
  errors?: FieldProblem[];
  headers?: Record<string, string>;
  /** Further members of the answer. */
  members?: Record<string, unknown>;
}

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly more: More;

  constructor(kind: ProblemKind, detail: string, more: More = {}) {
    super(detail);
    this.kind = kind;
    this.more = more;
  }
}

/** What Fastify refuses by itself, in our words. */
const OF_FASTIFY: Record<string, [ProblemKind, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['too_large', 'A body has at most 64 KiB.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['wrong_media_type', 'Send Content-Type: application/json.'],
};

export function problemOf(error: unknown, log: Pick<Log, 'error'>): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DatabaseBusy) {
    const again = 'Nothing was written. Send it again in a few seconds, signed with a new timestamp.';
    return new Problem('busy', again, { headers: { 'retry-after': '5' } });
  }
  const { code = '', statusCode = 500, message } = error as Partial<FastifyError>;
  const known = OF_FASTIFY[code];
  if (known !== undefined) return new Problem(...known);
  if (code.startsWith('FST_') && statusCode < 500) return new Problem('bad_request', message ?? code);
  const reference = randomUUID();
  log.error({ err: error, reference }, 'a request to the API failed');
  return new Problem('fault', `Nothing is known of the cause here; the log has it under ${reference}.`, {
    members: { reference },
  });
}

export function sendProblem(
  reply: FastifyReply,
  { kind, message, more }: Problem,
  request: FastifyRequest,
): FastifyReply {
  const { status, title } = PROBLEMS[kind];
  const body = {
    type: `urn:gonogo:problem:${kind}`,
    title,
    status,
    detail: message,
    instance: request.raw.url,
    ...defined({ errors: more.errors }),
    ...more.members,
  };
  if (status === 401) reply.header('www-authenticate', 'GoNoGo-HMAC-SHA256');
  // As text, so that no schema of a success stands between the caller and the reason.
  return reply
    .code(status)
    .headers(more.headers ?? {})
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(body));
}
