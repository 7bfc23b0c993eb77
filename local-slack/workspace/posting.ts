/** Posting, editing and deleting: the record, what people see of it, and the events it makes. */
import { messageAsSlack } from '../api/as-slack.ts';
import { MESSAGES_OF, sendEvent } from '../delivery/events.ts';
import type { Json } from '../json.ts';
import type { Message, Ts } from '../protocol.ts';
import type { World } from '../world.ts';
import type { Room } from './channels.ts';
import type { Draft } from './messages.ts';

export function post(world: World, room: Room, draft: Omit<Draft, 'channel'>): Message {
  const message = world.messages.add({ ...draft, channel: room.id });
  world.stream.publish({ type: 'message', message });
  if (message.ephemeral !== undefined) return message;
  if (message.thread_ts !== undefined) countReplies(world, room.id, message.thread_ts);
  tellOfMessage(world, room, message);
  return message;
}

/** The same message, saying something else: what it said before is gone, attachments and all. */
export function withContent(
  { attachments: _attachments, ...message }: Message,
  content: Pick<Message, 'text' | 'blocks' | 'attachments'>,
): Message {
  return { ...message, ...content };
}

export function edit(world: World, room: Room, message: Message, changed: Message): Message {
  const edited = world.messages.replace(changed);
  world.stream.publish({ type: 'message_changed', message: edited });
  if (message.ephemeral === undefined) {
    tell(world, room, {
      subtype: 'message_changed',
      hidden: true,
      ts: world.messages.nextTs(),
      message: messageAsSlack(world, edited),
      previous_message: messageAsSlack(world, message),
    });
  }
  return edited;
}

/** A message with replies leaves a marker, so that its thread stays in reach. */
export function remove(world: World, room: Room, message: Message): void {
  const previous = messageAsSlack(world, message);
  if (message.reply_count) {
    const { channel, ts, reply_count, reply_users = [], latest_reply = ts } = message;
    const tombstone: Message = {
      ...{ channel, ts, reply_count, reply_users, latest_reply },
      user: 'USLACKBOT',
      text: 'This message was deleted.',
      blocks: [],
      subtype: 'tombstone',
    };
    world.messages.replace(tombstone);
    world.stream.publish({ type: 'message_changed', message: tombstone });
  } else {
    world.messages.remove(message);
    world.stream.publish({ type: 'message_deleted', channel: message.channel, ts: message.ts });
    if (message.thread_ts !== undefined) countReplies(world, room.id, message.thread_ts);
  }
  if (message.ephemeral !== undefined) return;
  tell(world, room, {
    subtype: 'message_deleted',
    hidden: true,
    ts: world.messages.nextTs(),
    deleted_ts: message.ts,
    previous_message: previous,
  });
}

/** What the app, Slackbot or anyone says to one person only. */
export function whisper(
  world: World,
  room: Room,
  to: { user: string; thread?: Ts | undefined; from?: 'bot' | 'slackbot' },
  content: Pick<Message, 'text' | 'blocks'>,
): Message {
  return post(world, room, {
    user: to.from === 'bot' ? world.app.botUser : 'USLACKBOT',
    ...(to.from === 'bot' && { bot_id: world.app.botId }),
    ...content,
    ephemeral: to.user,
    ...(to.thread !== undefined && { thread_ts: to.thread }),
  });
}

function countReplies(world: World, channel: string, parent: Ts): void {
  const before = world.messages.get(channel, parent);
  if (before === undefined) return;
  const replies = world.messages.replies(channel, parent);
  const latest = replies.at(-1);
  const { reply_count: _count, latest_reply: _latest, reply_users: _users, ...rest } = before;
  const author = latest === undefined ? undefined : world.messages.get(channel, latest)?.user;
  const users = new Set([...(before.reply_users ?? []), ...(author === undefined ? [] : [author])]);
  const counted: Message =
    latest === undefined
      ? rest
      : { ...rest, reply_count: replies.length, latest_reply: latest, reply_users: [...users] };
  world.messages.replace(counted);
  world.stream.publish({ type: 'message_changed', message: counted });
}

function tellOfMessage(world: World, room: Room, message: Message): void {
  const asSlack = messageAsSlack(world, message);
  const fileShare = message.files && message.bot_id === undefined ? { subtype: 'file_share' } : {};
  tell(world, room, { ...asSlack, ...fileShare });
  if (!world.channels.hasBot(room)) return;
  for (const { id } of message.files ?? []) {
    const event = { type: 'file_shared', file_id: id, user_id: message.user, file: { id } };
    void sendEvent(world, 'file_shared', { ...event, channel_id: room.id, event_ts: message.ts });
  }
  if (room.kind === 'im' || message.bot_id !== undefined) return;
  if (!message.text.includes(`<@${world.app.botUser}`)) return;
  const mention = { ...asSlack, type: 'app_mention', channel: room.id, event_ts: message.ts };
  void sendEvent(world, 'app_mention', mention);
}

function tell(world: World, room: Room, event: Json): void {
  if (!world.channels.hasBot(room)) return;
  const ts = event.ts;
  const where = { channel: room.id, channel_type: room.kind, event_ts: ts };
  void sendEvent(world, MESSAGES_OF[room.kind], { ...event, type: 'message', ...where });
}
