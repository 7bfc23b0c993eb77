/** `response_url`: the app answers an interaction without a token, to one person or to the channel. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ResponseTarget } from '../delivery/response-urls.ts';
import { isJson, type Json } from '../json.ts';
import type { Message, Violation } from '../protocol.ts';
import { SlackError } from '../slack-error.ts';
import { edit, post, remove, withContent } from '../workspace/posting.ts';
import type { World } from '../world.ts';
import { decodeJson, keepBodiesRaw, readArguments } from './body.ts';
import { checkContent } from './checked.ts';
import { contentOf } from './content.ts';
import { flag, type Note } from './method.ts';
import { cut, log } from './routes.ts';

const answer = z.object({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: flag.default(false),
  delete_original: flag.default(false),
  thread_ts: z.string().optional(),
});

type Response = z.infer<typeof answer>;

export function responseUrls(world: World) {
  return async (server: FastifyInstance): Promise<void> => {
    keepBodiesRaw(server);
    server.post('/response/:team/:id', async (request, reply) => {
      const struck = world.faults.take(['response_url']);
      if (struck.some((fault) => fault.do === 'cut' || fault.do === 'drop')) return cut(reply);
      const status = struck.find((fault) => fault.do === 'status')?.status;
      if (status !== undefined) return reply.code(status).send({ ok: false });
      const { id } = request.params as { id: string };
      const args = await readArguments(request);
      return respond(world, id, args, reply);
    });
  };
}

function respond(world: World, id: string, args: Json, reply: FastifyReply): FastifyReply {
  const violations: Violation[] = [];
  try {
    const target = world.responseUrls.use(id);
    if (typeof target === 'string') throw new SlackError(target);
    const read = answer.safeParse(decodeJson(args));
    if (!read.success) throw new SlackError('invalid_payload');
    answerTo(world, target, read.data, (violation) => violations.push(violation));
    log(world, 'response_url', args, { body: { ok: true } }, violations);
    return reply.type('text/html').send('ok');
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const body = { ok: false, error: error.code, ...error.extra };
    log(world, 'response_url', args, { body }, [...violations, ...error.violations]);
    return reply.code(error.code.endsWith('_url') ? 404 : 400).send(body);
  }
}

function answerTo(world: World, target: ResponseTarget, response: Response, note: Note): void {
  const room = world.channels.get(target.channel);
  const original = target.original && world.messages.get(target.channel, target.original);
  if (room === undefined) throw new SlackError('channel_not_found');
  if (response.delete_original) {
    if (original) remove(world, room, original);
    return;
  }
  checkContent(world, response, note);
  const content = contentOf(response);
  if (response.replace_original && original) {
    edit(world, room, original, withContent(original, content));
    return;
  }
  post(world, room, {
    user: world.app.botUser,
    bot_id: world.app.botId,
    ...content,
    ...(response.response_type === 'ephemeral' && { ephemeral: target.user }),
    ...threadOf(target, response),
  });
}

function threadOf(target: ResponseTarget, response: Response): Pick<Message, 'thread_ts'> {
  const thread = response.thread_ts ?? target.thread;
  return thread === undefined ? {} : { thread_ts: thread };
}

/** An ack may carry the same answer in its payload. */
export function readAckMessage(payload: unknown): Response | undefined {
  if (!isJson(payload) || (payload.text === undefined && payload.blocks === undefined)) return undefined;
  const read = answer.safeParse(decodeJson(payload));
  return read.success ? read.data : undefined;
}
