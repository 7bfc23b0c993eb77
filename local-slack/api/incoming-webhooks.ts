/** Incoming webhooks: whoever knows the address posts a message into its channel, and is told in plain text. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isJson, type Json } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import type { Webhook } from '../workspace/apps.ts';
import type { Room } from '../workspace/channels.ts';
import { post } from '../workspace/posting.ts';
import type { World } from '../world.ts';
import { keepBodiesRaw } from './body.ts';
import { checkContent } from './checked.ts';
import { contentOf } from './content.ts';
import { cut } from './routes.ts';

const payload = z.looseObject({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  /** Another channel than its own, as the older integrations still take. */
  channel: z.string().optional(),
  username: z.string().optional(),
  icon_emoji: z.string().optional(),
  icon_url: z.string().optional(),
  thread_ts: z.string().optional(),
});

type Payload = z.infer<typeof payload>;

/** docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors; what is not here answers 400. */
const STATUS: Readonly<Record<string, number>> = {
  no_team: 404,
  no_service: 404,
  invalid_token: 403,
  channel_not_found: 404,
  channel_is_archived: 410,
  rate_limited: 429,
};

export function webhookAddress(world: World, { app, secret }: Webhook): string {
  return `${world.origin}/services/${world.team.id}/${app.botId}/${secret}`;
}

export function incomingWebhooks(world: World) {
  return async (server: FastifyInstance): Promise<void> => {
    keepBodiesRaw(server);
    server.post('/services/:team/:bot/:secret', async (request, reply) => {
      const struck = world.faults.take(['webhook']);
      if (struck.some((fault) => fault.do === 'cut' || fault.do === 'drop')) return cut(reply);
      const fault = struck.find(({ status }) => status !== undefined);
      if (fault?.status !== undefined) return reply.code(fault.status).send('internal_error');
      return take(world, request, reply);
    });
  };
}

function take(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.type('text/html; charset=utf-8');
  try {
    const hook = hookAt(world, request.params as { team: string; bot: string; secret: string });
    const said = readPayload(request);
    const room = roomFor(world, hook, said);
    const wait = world.limiter.waitToPost(hook.app.botId);
    if (wait > 0) {
      reply.header('retry-after', String(wait));
      throw new SlackError('rate_limited');
    }
    say(world, hook, room, said);
    return reply.send('ok');
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return reply.code(STATUS[error.code] ?? 400).send(error.code);
  }
}

function hookAt(world: World, { team, bot, secret }: { team: string; bot: string; secret: string }): Webhook {
  if (team !== world.team.id) throw new SlackError('no_team');
  const hook = world.channels
    .all()
    .map((room) => world.apps.webhookOf(room.id))
    .find(({ app }) => app.botId === bot);
  if (hook === undefined) throw new SlackError('no_service');
  if (hook.secret !== secret) throw new SlackError('invalid_token');
  return hook;
}

/** JSON, or a form whose `payload` is JSON. */
function readPayload(request: FastifyRequest): Payload {
  const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  const read = payload.safeParse(parsed(isForm ? (new URLSearchParams(body).get('payload') ?? '') : body));
  if (!read.success) throw new SlackError('invalid_payload');
  return read.data;
}

function parsed(text: string): Json | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return isJson(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

function roomFor(world: World, hook: Webhook, { channel }: Payload): Room {
  const name = channel === undefined || channel === '' ? hook.channel : channel;
  const room = world.channels.get(name) ?? world.channels.named(name);
  if (room === undefined || room.kind === 'im' || room.kind === 'mpim')
    throw new SlackError('channel_not_found');
  if (room.kind === 'group' && room.id !== hook.channel) throw new SlackError('channel_not_found');
  if (room.archived) throw new SlackError('channel_is_archived');
  return room;
}

function say(world: World, { app }: Webhook, room: Room, said: Payload): void {
  checkContent(world, said, () => undefined);
  const parent = said.thread_ts === undefined ? undefined : world.messages.get(room.id, said.thread_ts);
  post(world, room, {
    user: app.botId,
    bot_id: app.botId,
    app_id: app.appId,
    subtype: 'bot_message',
    username: said.username || app.name,
    ...(said.icon_emoji !== undefined && { icon_emoji: said.icon_emoji }),
    ...(said.icon_url !== undefined && { icon_url: said.icon_url }),
    ...contentOf(said),
    ...(parent !== undefined && { thread_ts: parent.thread_ts ?? parent.ts }),
  });
}
