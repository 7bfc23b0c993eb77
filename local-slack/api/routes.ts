/** The Web API over HTTP: faults, token, scopes and limits first, then the method, then the log. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from '../faults.ts';
import type { Json } from '../json.ts';
import type { Violation } from '../protocol.ts';
import { RateLimited, SlackError } from '../slack-error.ts';
import type { World } from '../world.ts';
import { decodeJson, keepBodiesRaw, readArguments } from './body.ts';
import { type Method, requireScope } from './method.ts';

export type Methods = Readonly<Record<string, Method>>;

interface Answer {
  body: Json & { ok: boolean };
  status: number;
  retryAfter?: number;
}

export function webApi(world: World, methods: Methods) {
  return async (server: FastifyInstance): Promise<void> => {
    keepBodiesRaw(server);
    const handle = (request: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
      called(world, methods, request, reply);
    server.post('/api/:method', handle);
    server.get('/api/:method', handle);
  };
}

async function called(
  world: World,
  methods: Methods,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { method: name } = request.params as { method: string };
  const struck = world.faults.take([name, '*']);
  const has = (kind: Fault['do']): boolean => struck.some((fault) => fault.do === kind);
  if (has('hang')) return reply.hijack();
  if (has('cut') || has('drop')) return cut(reply);
  const delay = struck.find((fault) => fault.do === 'delay')?.ms;
  if (delay !== undefined) await new Promise<void>((go) => world.timers.setTimeout(go, delay));
  const refusal = struck.find((fault) => fault.do === 'status' || fault.do === 'error');
  const first = refusal ? faulty(refusal) : undefined;
  const answer = await answerOf(world, methods, request, name, first);
  if (has('duplicate') && first === undefined) await answerOf(world, methods, request, name);
  if (has('lose-answer')) return cut(reply);
  if (answer.retryAfter !== undefined) reply.header('retry-after', String(answer.retryAfter));
  reply.header('x-oauth-scopes', [...world.manifest.scopes].join(','));
  reply.header('x-accepted-oauth-scopes', (methods[name]?.scopes ?? []).join(','));
  return reply.code(answer.status).send(answer.body);
}

export function cut(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

function faulty(fault: Fault): Answer {
  if (fault.do === 'error') return { status: 200, body: { ok: false, error: fault.error ?? 'fatal_error' } };
  const status = fault.status ?? 500;
  if (status !== 429) return { status, body: { ok: false, error: 'internal_error' } };
  return { status, body: { ok: false, error: 'ratelimited' }, retryAfter: fault.retry_after ?? 1 };
}

/** Runs the call, unless an answer is given for it, and logs it either way. */
async function answerOf(
  world: World,
  methods: Methods,
  request: FastifyRequest,
  name: string,
  given?: Answer,
): Promise<Answer> {
  const violations: Violation[] = [];
  let args: Json = {};
  let answer: Answer;
  try {
    const raw = await readArguments(request);
    args = withoutToken(raw);
    args = decodeJson(args);
    const run = (): Json => runMethod(world, methods, name, { raw, args, request, violations });
    answer = given ?? { status: 200, body: { ok: true, ...run() } };
  } catch (error) {
    answer = refused(error);
    if (error instanceof SlackError) violations.push(...error.violations);
  }
  log(world, name, args, answer, violations);
  return answer;
}

const withoutToken = ({ token: _token, ...args }: Json): Json => args;

function runMethod(
  world: World,
  methods: Methods,
  name: string,
  call: { raw: Json; args: Json; request: FastifyRequest; violations: Violation[] },
): Json {
  const method = methods[name];
  if (method === undefined) throw new SlackError('unknown_method', { req_method: name });
  checkToken(world, method, tokenOf(call.request, call.raw));
  for (const scope of method.scopes) requireScope(world, scope);
  const wait = world.limiter.wait(name, method.tier);
  if (wait > 0) throw new RateLimited(wait);
  return method.run(world, call.args, (violation) => call.violations.push(violation));
}

function tokenOf(request: FastifyRequest, args: Json): string | undefined {
  const header = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return header ?? (typeof args.token === 'string' ? args.token : undefined);
}

function checkToken(world: World, method: Method, token: string | undefined): void {
  if (method.token === 'none') return;
  const { token: bot, appToken } = world.app;
  if (token === undefined) throw new SlackError('not_authed');
  if (token !== bot && token !== appToken) throw new SlackError('invalid_auth');
  if (token !== (method.token === 'app' ? appToken : bot)) throw new SlackError('not_allowed_token_type');
}

function refused(error: unknown): Answer {
  if (error instanceof RateLimited) {
    return { status: 429, body: { ok: false, error: error.code }, retryAfter: error.retryAfter };
  }
  if (error instanceof SlackError)
    return { status: 200, body: { ok: false, error: error.code, ...error.extra } };
  throw error;
}

export function log(
  world: World,
  method: string,
  args: Json,
  { body }: { body: { ok: boolean; error?: unknown } },
  violations: Violation[],
): void {
  const call = world.calls.add((id) => ({
    id,
    at: new Date(world.now()).toISOString(),
    method,
    args,
    ok: body.ok,
    ...(typeof body.error === 'string' && { error: body.error }),
    violations,
  }));
  world.stream.publish({ type: 'call', call });
}
