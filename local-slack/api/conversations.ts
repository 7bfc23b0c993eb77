/** `conversations.*`: channels and direct messages, their members and what was said in them. */
import { z } from 'zod';
import { sendEvent } from '../delivery/events.ts';
import type { Json } from '../json.ts';
import type { Ts } from '../protocol.ts';
import { SlackError } from '../slack-error.ts';
import type { Room } from '../workspace/channels.ts';
import { placeOf } from '../workspace/messages.ts';
import type { World } from '../world.ts';
import { channelAsSlack, messageAsSlack } from './as-slack.ts';
import { count, flag, type Method, method, page, positionOf, requireScope } from './method.ts';

const FAMILY = { channel: 'channels', group: 'groups', im: 'im', mpim: 'mpim' } as const;
const TYPES = { public_channel: 'channel', private_channel: 'group', im: 'im', mpim: 'mpim' } as const;

const paged = { cursor: z.string().optional(), limit: count(1_000) };

/** Private places that the bot is not in do not exist for it. */
function readable(world: World, id: string, right: 'read' | 'history'): Room {
  const room = world.channels.get(id);
  if (room === undefined) throw new SlackError('channel_not_found');
  requireScope(world, `${FAMILY[room.kind]}:${right}`);
  if (room.kind !== 'channel' && !world.channels.hasBot(room)) throw new SlackError('channel_not_found');
  return room;
}

const list = method({
  tier: 2,
  args: z.object({ types: z.string().default('public_channel'), ...paged }),
  run(world, args) {
    const kinds = args.types.split(',').map((type) => {
      const kind = TYPES[type.trim() as keyof typeof TYPES];
      if (kind === undefined) throw new SlackError('invalid_types');
      requireScope(world, `${FAMILY[kind]}:read`);
      return kind;
    });
    const rooms = world.channels
      .everything()
      .filter(
        (room) => kinds.includes(room.kind) && (room.kind === 'channel' || world.channels.hasBot(room)),
      );
    const { items, response_metadata } = page(rooms, args);
    return { channels: items.map((room) => channelAsSlack(world, room)), response_metadata };
  },
});

const info = method({
  tier: 3,
  args: z.object({ channel: z.string() }),
  run: (world, { channel }) => ({ channel: channelAsSlack(world, readable(world, channel, 'read')) }),
});

const members = method({
  tier: 4,
  args: z.object({ channel: z.string(), ...paged }),
  run(world, args) {
    const room = readable(world, args.channel, 'read');
    const { items, response_metadata } = page([...room.members], args);
    return { members: items, response_metadata };
  },
});

const history = method({
  tier: 3,
  args: z.object({
    channel: z.string(),
    latest: z.string().optional(),
    oldest: z.string().optional(),
    inclusive: flag.default(false),
    include_all_metadata: flag.default(false),
    ...paged,
  }),
  run(world, args) {
    const room = readable(world, args.channel, 'history');
    if (!world.channels.hasBot(room)) throw new SlackError('not_in_channel');
    const timeline = world.messages.timeline(room.id);
    const [from, until] = between(timeline, args);
    const limit = args.limit || 100;
    const end = args.cursor ? Math.min(until, from + positionOf(args.cursor)) : until;
    const start = Math.max(from, end - limit);
    const found = world.messages.resolve(room.id, timeline.slice(start, end)).reverse();
    const has_more = start > from;
    return {
      messages: found.map((one) => messageAsSlack(world, one, { metadata: args.include_all_metadata })),
      has_more,
      pin_count: 0,
      response_metadata: { next_cursor: has_more ? cursorAt(start - from) : '' },
    };
  },
});

/** The places of a rising list that lie between two times; the ends count only if they are inclusive. */
function between(
  list: readonly Ts[],
  {
    oldest,
    latest,
    inclusive,
  }: { oldest?: string | undefined; latest?: string | undefined; inclusive: boolean },
): [number, number] {
  const after = (ts: Ts): number => placeOf(list, ts) + (list[placeOf(list, ts)] === ts ? 1 : 0);
  const from = oldest === undefined ? 0 : inclusive ? placeOf(list, oldest) : after(oldest);
  const until = latest === undefined ? list.length : inclusive ? after(latest) : placeOf(list, latest);
  return [from, Math.max(from, until)];
}

const cursorAt = (offset: number): string => Buffer.from(`offset:${offset}`).toString('base64');

const replies = method({
  tier: 3,
  args: z.object({
    channel: z.string(),
    ts: z.string(),
    include_all_metadata: flag.default(false),
    latest: z.string().optional(),
    oldest: z.string().optional(),
    inclusive: flag.default(false),
    ...paged,
  }),
  run(world, args) {
    const room = readable(world, args.channel, 'history');
    if (!world.channels.hasBot(room)) throw new SlackError('not_in_channel');
    const asked = world.messages.get(room.id, args.ts);
    if (asked === undefined || asked.ephemeral !== undefined) throw new SlackError('thread_not_found');
    const all = asked.thread_ts === undefined ? world.messages.replies(room.id, asked.ts) : [];
    const [from, until] = between(all, args);
    const { items, response_metadata } = page([asked.ts, ...all.slice(from, until)], args);
    return {
      messages: world.messages
        .resolve(room.id, items)
        .map((one) => messageAsSlack(world, one, { metadata: args.include_all_metadata })),
      has_more: response_metadata.next_cursor !== '',
      response_metadata,
    };
  },
});

const open = method({
  tier: 3,
  args: z.object({
    channel: z.string().optional(),
    users: z.string().optional(),
    return_im: flag.default(false),
    prevent_creation: flag.default(false),
  }),
  run(world, args) {
    const room = args.channel === undefined ? openWith(world, args.users) : world.channels.get(args.channel);
    if (room === undefined) throw new SlackError('channel_not_found');
    return { channel: args.return_im ? channelAsSlack(world, room) : { id: room.id } };
  },
});

function openWith(world: World, users: string | undefined): Room {
  if (!users) throw new SlackError('users_list_not_supplied');
  const ids = users.split(',').map((id) => id.trim());
  requireScope(world, ids.length > 1 ? 'mpim:write' : 'im:write');
  if (ids.length > 8) throw new SlackError('too_many_users');
  for (const id of ids) {
    const person = world.people.get(id);
    if (person === undefined) throw new SlackError('user_not_found');
    if (person.is_bot) throw new SlackError('cannot_dm_bot');
    if (person.deleted) throw new SlackError('user_disabled');
  }
  const [only, ...more] = ids;
  return more.length === 0 && only !== undefined ? world.channels.dm(only) : world.channels.groupDm(ids);
}

const join = method({
  tier: 3,
  scopes: ['channels:join'],
  args: z.object({ channel: z.string() }),
  run(world, args) {
    const room = world.channels.get(args.channel);
    if (room === undefined) throw new SlackError('channel_not_found');
    if (room.kind !== 'channel') throw new SlackError('method_not_supported_for_channel_type');
    const already = world.channels.hasBot(room) ? { warning: 'already_in_channel' } : {};
    if (!world.channels.hasBot(room)) {
      room.members.add(world.app.botUser);
      world.stream.publish({ type: 'workspace' });
      void sendEvent(world, 'member_joined_channel', joined(world, room));
    }
    return { channel: channelAsSlack(world, room), ...already };
  },
});

function joined(world: World, room: Room): Json & { type: string } {
  return {
    type: 'member_joined_channel',
    user: world.app.botUser,
    channel: room.id,
    channel_type: 'C',
    team: world.team.id,
    event_ts: world.messages.nextTs(),
  };
}

export const conversations: Readonly<Record<string, Method>> = {
  'conversations.list': list,
  'conversations.info': info,
  'conversations.members': members,
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.open': open,
  'conversations.join': join,
};
