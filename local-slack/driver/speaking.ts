/** A person types: a command, a message, a file, or picks a shortcut. */
import type { z } from 'zod';
import { checkContent } from '../api/checked.ts';
import { contentOf } from '../api/content.ts';
import { readAckMessage } from '../api/respond.ts';
import { log } from '../api/routes.ts';
import type { Outcome } from '../delivery/courier.ts';
import { commandPayload, globalShortcut, messageShortcut } from '../delivery/payloads.ts';
import type { CommandAnswer, Delivered, Message, Person, SlackFile, Ts, Violation } from '../protocol.ts';
import { SlackError } from '../slack-error.ts';
import type { Room } from '../workspace/channels.ts';
import { type StoredFile, seen } from '../workspace/files.ts';
import { post, whisper } from '../workspace/posting.ts';
import { typed } from '../workspace/typing.ts';
import type { World } from '../world.ts';
import { messageFor, modalFor, personFor, roomFor } from './finding.ts';
import { notThere, wrong } from './refusal.ts';
import type * as schemas from './schemas.ts';

export async function command(world: World, call: z.infer<typeof schemas.command>): Promise<CommandAnswer> {
  const { person, room, refusal } = writing(world, { user: call.user, channel: call.channel });
  if (refusal !== undefined) return { ...refusal, ack_ms: 0, code: 'messages_disabled' };
  const [name = '', text = ''] = /^(\S+)\s*([\s\S]*?)\s*$/.exec(call.text)?.slice(1) ?? [];
  const refuse = (error: string, code: string, ack_ms = 0): CommandAnswer => {
    whisper(world, room, { user: person.id, thread: call.thread_ts }, { text: error, blocks: [] });
    return { ok: false, ack_ms, error, code };
  };
  const declared = world.manifest.commands.get(name);
  if (declared === undefined) return refuse(notACommand(name), 'unknown_command');
  if (call.thread_ts !== undefined) {
    messageFor(world, person, room, call.thread_ts, 'thread_ts');
    return refuse(`${name} is not supported in threads. Sorry!`, 'not_in_threads');
  }
  const sent = declared.should_escape ? typed(world, text, { named: true }) : text;
  const payload = commandPayload(world, person, room, { command: name, text: sent });
  const outcome = await world.courier.deliver('slash_commands', name, payload);
  if (!outcome.ok) return refuse(failed(name, outcome.error), outcome.error, outcome.ack_ms);
  try {
    const reply = ackReply(world, person, room, outcome.payload);
    return { ok: true, ack_ms: outcome.ack_ms, ...(reply && { reply }) };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return refuse(failed(name, error.code), error.code, outcome.ack_ms);
  }
}

const failed = (name: string, code: string): string => `${name} failed with the error "${code}"`;

const notACommand = (name: string): string =>
  `${name} is not a valid command. In Slack, all messages that start with the “/” character are interpreted as commands. If you are trying to send a message and not run a command, try preceding the “/” with an empty space.`;

/** An ack may speak for itself, to the person or to the channel. */
function ackReply(world: World, person: Person, room: Room, payload: unknown): Message | undefined {
  const said = readAckMessage(payload);
  if (said === undefined) return undefined;
  const violations: Violation[] = [];
  try {
    checkContent(world, said, (violation) => violations.push(violation));
  } catch (error) {
    const code = error instanceof SlackError ? error.code : 'invalid_payload';
    if (error instanceof SlackError) violations.push(...error.violations);
    log(world, 'ack', { ...said }, { body: { ok: false, error: code } }, violations);
    throw error;
  }
  if (violations.length > 0) log(world, 'ack', { ...said }, { body: { ok: true } }, violations);
  return post(world, room, {
    user: world.app.botUser,
    bot_id: world.app.botId,
    ...contentOf(said),
    ...(said.response_type === 'ephemeral' && { ephemeral: person.id }),
  });
}

export function say(
  world: World,
  call: z.infer<typeof schemas.say>,
): { ok: true; ts: Ts } | { ok: false; error: string } {
  const { person, room, refusal } = writing(world, call);
  if (refusal !== undefined) return refusal;
  const message = post(world, room, {
    user: person.id,
    text: typed(world, call.text, { named: false }),
    blocks: [],
    ...(call.thread_ts !== undefined && { thread_ts: call.thread_ts }),
  });
  return { ok: true, ts: message.ts };
}

interface Writing {
  person: Person;
  room: Room;
  refusal?: { ok: false; error: string };
}

/** Whoever writes must be in the channel, and an app may have closed its messages. */
function writing(
  world: World,
  call: { user: string; channel: string; thread_ts?: string | undefined },
): Writing {
  const person = personFor(world, call.user);
  const room = roomFor(world, person, call.channel);
  if (!room.members.has(person.id)) throw notThere(`${person.name} is not in #${room.name}.`, 'channel');
  if (call.thread_ts !== undefined) {
    const parent = messageFor(world, person, room, call.thread_ts, 'thread_ts');
    if (parent.thread_ts !== undefined) throw wrong('is the ts of a reply: give its parent’s', 'thread_ts');
  }
  if (room.kind !== 'im' || world.manifest.takesMessages) return { person, room };
  return { person, room, refusal: { ok: false, error: 'Sending messages to this app has been turned off.' } };
}

type Uploaded = { ok: true; file: SlackFile; ts?: Ts } | { ok: false; error: string };

export function upload(world: World, call: z.infer<typeof schemas.upload>): Uploaded {
  const { channel, view_id, thread_ts } = call;
  if (channel === undefined) {
    const person = personFor(world, call.user);
    modalFor(world, person, view_id ?? '');
    return { ok: true, file: seen(stored(world, person, call)) };
  }
  const { person, room, refusal } = writing(world, { user: call.user, channel, thread_ts });
  if (refusal !== undefined) return refusal;
  const file = stored(world, person, call);
  file.channels.add(room.id);
  const message = post(world, room, {
    user: person.id,
    text: '',
    blocks: [],
    files: [seen(file)],
    ...(thread_ts !== undefined && { thread_ts }),
  });
  return { ok: true, file: seen(file), ts: message.ts };
}

function stored(world: World, person: Person, call: z.infer<typeof schemas.upload>): StoredFile {
  const body = Buffer.from(call.content, call.encoding);
  const { file } = world.files.announce({
    name: call.filename,
    size: body.length,
    user: person.id,
    created: Math.floor(world.now() / 1_000),
    origin: world.origin,
  });
  return Object.assign(file, { body, complete: true });
}

export async function shortcut(world: World, call: z.infer<typeof schemas.shortcut>): Promise<Delivered> {
  const person = personFor(world, call.user);
  const declared = world.manifest.shortcuts.get(call.callback_id);
  if (declared === undefined) throw notThere(`There is no shortcut ${call.callback_id}.`, 'callback_id');
  const actionTs = world.messages.nextTs();
  if (declared.type === 'global') {
    if (call.ts !== undefined) throw wrong('is a global shortcut: it is not used on a message', 'ts');
    const payload = globalShortcut(world, person, call.callback_id, actionTs);
    return delivered(await world.courier.deliver('interactive', 'shortcut', payload));
  }
  if (call.channel === undefined || call.ts === undefined) {
    throw wrong('is a shortcut on a message: give channel and ts', 'ts');
  }
  const room = roomFor(world, person, call.channel);
  const message = messageFor(world, person, room, call.ts);
  if (message.ephemeral !== undefined) throw notThere('An ephemeral message has no shortcuts.', 'ts');
  const names = { callbackId: call.callback_id, actionTs };
  const payload = messageShortcut(world, person, { message, room }, names);
  return delivered(await world.courier.deliver('interactive', 'message_action', payload));
}

export function delivered(outcome: Outcome): Delivered {
  if (outcome.ok) return { ok: true, ack_ms: outcome.ack_ms };
  const error = 'We had some trouble connecting. Try again?';
  return { ok: false, ack_ms: outcome.ack_ms, error, code: outcome.error };
}
