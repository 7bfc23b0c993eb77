/** What a batch of server events does to the state: pure, and one new state per batch. */
import type { Call, Delivery, Message, StreamEvent } from '../../protocol.ts';
import { inChannel, isReply, seenOf, withMessage, withoutMessage } from './messages.ts';
import { type State, threadKey } from './state.ts';

const MAX_SEEN = 200;
const MAX_WIRE = 500;
/** A log that is followed live is cut back to this once it grew half as large again. */
const MAX_LOG = 400;

const visibleTo = (message: Message, me: string) =>
  message.ephemeral === undefined || message.ephemeral === me;

function intoLog(state: State, message: Message, isNew: boolean): State {
  const log = state.logs[message.channel];
  if (log === undefined || !inChannel(message)) return state;
  const known = !isNew && log.messages.some((other) => other.ts === message.ts);
  if ((isNew && log.newer) || (!isNew && !known)) return state;
  let messages = withMessage(log.messages, message);
  let { older } = log;
  if (messages.length > MAX_LOG * 1.5) {
    messages = messages.slice(-MAX_LOG);
    older = true;
  }
  return { ...state, logs: { ...state.logs, [message.channel]: { ...log, messages, older } } };
}

function intoThread(state: State, message: Message): State {
  const key = threadKey(message.channel, message.thread_ts ?? message.ts);
  const list = state.threads[key];
  if (list === undefined) return state;
  return { ...state, threads: { ...state.threads, [key]: withMessage(list, message) } };
}

function intoSeen(state: State, message: Message): State {
  if (isReply(message) && message.broadcast !== true && seenOf(message).mentions.length === 0) return state;
  const list = state.seen[message.channel] ?? [];
  if (list.some((one) => one.ts === message.ts)) return state;
  return {
    ...state,
    seen: { ...state.seen, [message.channel]: [...list, seenOf(message)].slice(-MAX_SEEN) },
  };
}

function withoutAnywhere(state: State, channel: string, ts: string): State {
  const log = state.logs[channel];
  const logs = log
    ? { ...state.logs, [channel]: { ...log, messages: withoutMessage(log.messages, ts) } }
    : state.logs;
  const threads = Object.fromEntries(
    Object.entries(state.threads).map(([key, list]) => [
      key,
      key.startsWith(`${channel}/`) ? withoutMessage(list, ts) : list,
    ]),
  );
  const seen = { ...state.seen, [channel]: (state.seen[channel] ?? []).filter((one) => one.ts !== ts) };
  return { ...state, logs, threads, seen };
}

/** A call or a delivery may come twice: first when it begins, then with how it ended. */
function withWire<T extends Call | Delivery>(list: T[], entry: T): T[] {
  const at = list.findLastIndex((other) => other.id === entry.id);
  if (at >= 0) return list.with(at, entry);
  return [...list, entry].slice(-MAX_WIRE);
}

function applyOne(state: State, event: StreamEvent): State {
  switch (event.type) {
    case 'message': {
      const next = intoSeen(state, event.message);
      return visibleTo(event.message, state.me)
        ? intoThread(intoLog(next, event.message, true), event.message)
        : next;
    }
    case 'message_changed':
      return visibleTo(event.message, state.me)
        ? intoThread(intoLog(state, event.message, false), event.message)
        : state;
    case 'message_deleted':
      return withoutAnywhere(state, event.channel, event.ts);
    case 'view':
      return event.user === state.me ? { ...state, view: event.view } : state;
    case 'home':
      return event.user === state.me ? { ...state, home: event.view } : state;
    case 'call':
      return { ...state, wire: { ...state.wire, calls: withWire(state.wire.calls, event.call) } };
    case 'delivery':
      return {
        ...state,
        wire: { ...state.wire, deliveries: withWire(state.wire.deliveries, event.delivery) },
      };
    case 'workspace':
      return state;
  }
}

export function applyEvents(state: State, events: StreamEvent[]): State {
  return events.reduce(applyOne, state);
}
