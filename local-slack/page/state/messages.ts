/** Pure operations on lists of messages: put in order, group, count what is unread. */
import type { Message, Ts, Usergroup } from '../../protocol.ts';
import { mentionsIn } from '../text/mrkdwn.ts';
import type { Seen } from './state.ts';

/** A list in order of time with one message put in or replaced; the same list when nothing would change. */
export function withMessage(list: Message[], message: Message): Message[] {
  const last = list.at(-1);
  if (last === undefined || last.ts < message.ts) return [...list, message];
  const at = list.findIndex((other) => other.ts >= message.ts);
  const replaces = list[at]?.ts === message.ts;
  return [...list.slice(0, at), message, ...list.slice(replaces ? at + 1 : at)];
}

export function withoutMessage(list: Message[], ts: Ts): Message[] {
  const left = list.filter((message) => message.ts !== ts);
  return left.length === list.length ? list : left;
}

/** Two lists in one order of time; where both hold a message, the second is newer. */
export function merged(one: Message[], two: Message[]): Message[] {
  const byTs = new Map([...one, ...two].map((message) => [message.ts, message]));
  return [...byTs.values()].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

export const isReply = (message: Message) =>
  message.thread_ts !== undefined && message.thread_ts !== message.ts;

/** Shown in the channel itself: no reply, or a reply sent there too. */
export const inChannel = (message: Message) => !isReply(message) || message.broadcast === true;

/** Every text of a message's blocks that can call someone. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Record<string, unknown>;
  if (node.type === 'mrkdwn' && typeof node.text === 'string') return [node.text];
  if (node.type === 'user') return [`<@${String(node.user_id)}>`];
  if (node.type === 'usergroup') return [`<!subteam^${String(node.usergroup_id)}>`];
  if (node.type === 'broadcast') return [`<!${String(node.range)}>`];
  return Object.values(node).flatMap(textsOf);
}

export function seenOf(message: Message): Seen {
  const texts = message.blocks.length > 0 ? textsOf(message.blocks) : [message.text];
  return {
    ts: message.ts,
    user: message.user,
    ...(message.ephemeral === undefined ? {} : { ephemeral: message.ephemeral }),
    mentions: [...new Set(texts.flatMap(mentionsIn))],
  };
}

export interface Unread {
  any: boolean;
  /** Messages that call this person; in a DM, every message. */
  calls: number;
}

/** What one person has not read of a channel. */
export function unreadOf(
  seen: Seen[] | undefined,
  readTo: Ts | undefined,
  me: { id: string; groups: string[]; dm: boolean },
): Unread {
  const fresh = (seen ?? []).filter(
    (one) => one.ts > (readTo ?? '0') && one.user !== me.id && (one.ephemeral ?? me.id) === me.id,
  );
  const names = new Set([me.id, ...me.groups, 'here', 'channel', 'everyone']);
  const calling = me.dm ? fresh : fresh.filter((one) => one.mentions.some((name) => names.has(name)));
  return { any: fresh.length > 0, calls: calling.length };
}

export const groupsOf = (groups: Usergroup[], user: string) =>
  groups.filter((group) => group.users.includes(user)).map((group) => group.id);

const GROUP_SECONDS = 5 * 60;

/** A message continues the one above it: same writer, same sort, within five minutes. */
export function continues(above: Message | undefined, message: Message): boolean {
  return (
    above !== undefined &&
    above.user === message.user &&
    above.username === message.username &&
    above.ephemeral === message.ephemeral &&
    !above.reply_count &&
    !message.broadcast &&
    !above.broadcast &&
    Number(message.ts) - Number(above.ts) < GROUP_SECONDS
  );
}
