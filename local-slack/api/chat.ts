/** `chat.*`: the app posts, edits, deletes and whispers. */
import { z } from 'zod';
import { isJson } from '../json.ts';
import type { Message } from '../protocol.ts';
import { RateLimited, SlackError } from '../slack-error.ts';
import type { Room } from '../workspace/channels.ts';
import { edit, post, remove, withContent } from '../workspace/posting.ts';
import type { World } from '../world.ts';
import { messageAsSlack } from './as-slack.ts';
import { checkContent } from './checked.ts';
import { contentOf } from './content.ts';
import { flag, type Method, method, type Note, ts } from './method.ts';

const metadata = z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) });

const content = {
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
};

/** By id or name; a person's id means their direct message with the bot. */
export function roomFor(world: World, channel: string): Room {
  const room = world.channels.get(channel) ?? world.channels.named(channel);
  if (room !== undefined) {
    if (room.kind === 'channel' || world.channels.hasBot(room)) return room;
    throw new SlackError('channel_not_found');
  }
  const person = world.people.get(channel);
  if (person === undefined) throw new SlackError('channel_not_found');
  if (person.is_bot) throw new SlackError('cannot_dm_bot');
  if (person.deleted) throw new SlackError('user_disabled');
  return world.channels.dm(person.id);
}

function roomToPostIn(world: World, channel: string): Room {
  const room = roomFor(world, channel);
  const isOpen = room.kind === 'channel' && world.manifest.scopes.has('chat:write.public');
  if (!world.channels.hasBot(room) && !isOpen) throw new SlackError('not_in_channel');
  if (room.archived) throw new SlackError('is_archived');
  if (room.kind === 'im' && !world.manifest.hasMessages) throw new SlackError('messages_tab_disabled');
  const wait = world.limiter.waitToPost(room.id);
  if (wait > 0) throw new RateLimited(wait);
  return room;
}

/** A reply belongs to the thread of its parent, even when the app named another reply. */
export function threadOf(
  world: World,
  room: Room,
  thread: string | undefined,
  note: Note,
): string | undefined {
  if (thread === undefined) return undefined;
  const parent = world.messages.get(room.id, thread);
  if (parent === undefined || parent.ephemeral !== undefined) throw new SlackError('thread_not_found');
  if (parent.thread_ts === undefined) return thread;
  note({
    pointer: '/thread_ts',
    code: 'thread_ts_of_a_reply',
    message: 'this is the ts of a reply: use its parent’s',
  });
  return parent.thread_ts;
}

function metadataIn(given: unknown): Pick<Message, 'metadata'> {
  if (given === undefined || (isJson(given) && Object.keys(given).length === 0)) return {};
  const read = metadata.safeParse(given);
  if (!read.success) throw new SlackError('invalid_metadata_format');
  return { metadata: read.data };
}

const postMessage = method({
  tier: 'special',
  scopes: ['chat:write'],
  args: z.object({
    channel: z.string(),
    ...content,
    thread_ts: ts.optional(),
    reply_broadcast: flag.optional(),
    unfurl_links: flag.optional(),
    unfurl_media: flag.optional(),
    metadata: z.unknown().optional(),
  }),
  run(world, args, note) {
    const room = roomToPostIn(world, args.channel);
    checkContent(world, args, note);
    const thread = threadOf(world, room, args.thread_ts, note);
    const message = post(world, room, {
      user: world.app.botUser,
      bot_id: world.app.botId,
      ...contentOf(args),
      ...metadataIn(args.metadata),
      ...(thread !== undefined && { thread_ts: thread, ...(args.reply_broadcast && { broadcast: true }) }),
      ...(args.unfurl_links !== undefined && { unfurl_links: args.unfurl_links }),
    });
    return { channel: room.id, ts: message.ts, message: messageAsSlack(world, message, { metadata: true }) };
  },
});

const postEphemeral = method({
  tier: 4,
  scopes: ['chat:write'],
  args: z.object({ channel: z.string(), user: z.string(), ...content, thread_ts: ts.optional() }),
  run(world, args, note) {
    const room = roomFor(world, args.channel);
    if (!world.channels.hasBot(room)) throw new SlackError('not_in_channel');
    if (!room.members.has(args.user)) throw new SlackError('user_not_in_channel');
    checkContent(world, args, note);
    const thread = threadOf(world, room, args.thread_ts, note);
    const message = post(world, room, {
      user: world.app.botUser,
      bot_id: world.app.botId,
      ...contentOf(args),
      ephemeral: args.user,
      ...(thread !== undefined && { thread_ts: thread }),
    });
    return { message_ts: message.ts };
  },
});

/** Ephemeral messages are out of reach, and so are those of others. */
function ownMessage(world: World, channel: string, at: string, refusal: string): [Room, Message] {
  const room = roomFor(world, channel);
  const message = world.messages.get(room.id, at);
  if (message === undefined || message.ephemeral !== undefined) throw new SlackError('message_not_found');
  if (message.bot_id !== world.app.botId || message.subtype === 'tombstone') throw new SlackError(refusal);
  return [room, message];
}

const update = method({
  tier: 3,
  scopes: ['chat:write'],
  args: z.object({ channel: z.string(), ts, ...content, metadata: z.unknown().optional() }),
  run(world, args, note) {
    const [room, message] = ownMessage(world, args.channel, args.ts, 'cant_update_message');
    checkContent(world, args, note);
    const { metadata: before, ...rest } = message;
    const kept = before && args.metadata === undefined ? { metadata: before } : metadataIn(args.metadata);
    const edited = edit(world, room, message, {
      ...withContent(rest, contentOf(args)),
      ...kept,
      edited: { user: world.app.botUser, ts: `${Math.floor(world.now() / 1_000)}.000000` },
    });
    return { channel: room.id, ts: args.ts, text: edited.text, message: messageAsSlack(world, edited) };
  },
});

const deleteMessage = method({
  tier: 3,
  scopes: ['chat:write'],
  args: z.object({ channel: z.string(), ts }),
  run(world, args) {
    const [room, message] = ownMessage(world, args.channel, args.ts, 'cant_delete_message');
    remove(world, room, message);
    return { channel: room.id, ts: args.ts };
  },
});

const getPermalink = method({
  tier: 'special',
  args: z.object({ channel: z.string(), message_ts: ts }),
  run(world, args) {
    const room = roomFor(world, args.channel);
    const message = world.messages.get(room.id, args.message_ts);
    if (message === undefined || message.ephemeral !== undefined) throw new SlackError('message_not_found');
    return { channel: room.id, permalink: permalink(world, message) };
  },
});

/** On the local Slack's own address, so that the link leads somewhere. */
function permalink(world: World, { channel, ts: at, thread_ts }: Message): string {
  const thread = thread_ts === undefined ? '' : `?thread_ts=${thread_ts}&cid=${channel}`;
  return `${world.origin}/archives/${channel}/p${at.replace('.', '')}${thread}`;
}

export const chat: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': deleteMessage,
  'chat.getPermalink': getPermalink,
};
