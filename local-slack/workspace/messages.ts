/** Messages, threads and ephemerals, kept so that reading a page costs the same at a hundred thousand as at ten. */
import { randomInt } from 'node:crypto';
import type { Message, Ts } from '../protocol.ts';

interface Log {
  /** What stands in the channel itself: everything but plain replies. Rising. */
  timeline: Ts[];
  threads: Map<Ts, Ts[]>;
  /** Per person, rising. */
  ephemerals: Map<string, Ts[]>;
  byTs: Map<Ts, Message>;
}

export type Draft = Omit<Message, 'ts'>;

export class Messages {
  readonly #logs = new Map<string, Log>();
  readonly #now: () => number;
  /** Two lives of a workspace whose clock was set back in between do not write the same ts. */
  readonly #life = randomInt(1_000);
  #lastMicros = 0;

  /** `now` in milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Every ts is unique in the workspace and later than the one before. */
  nextTs(): Ts {
    this.#lastMicros = Math.max(Math.floor(this.#now()) * 1_000 + this.#life, this.#lastMicros + 1);
    const micros = String(this.#lastMicros).padStart(7, '0');
    return `${micros.slice(0, -6)}.${micros.slice(-6)}`;
  }

  add(draft: Draft): Message {
    const log = this.#log(draft.channel);
    const message: Message = { ...draft, ts: this.nextTs() };
    log.byTs.set(message.ts, message);
    if (message.ephemeral !== undefined) listIn(log.ephemerals, message.ephemeral).push(message.ts);
    else if (message.thread_ts === undefined) log.timeline.push(message.ts);
    else {
      listIn(log.threads, message.thread_ts).push(message.ts);
      if (message.broadcast) log.timeline.push(message.ts);
    }
    return message;
  }

  get(channel: string, ts: Ts): Message | undefined {
    return this.#logs.get(channel)?.byTs.get(ts);
  }

  replace(message: Message): Message {
    this.#log(message.channel).byTs.set(message.ts, message);
    return message;
  }

  remove({ channel, ts, thread_ts, ephemeral }: Message): void {
    const log = this.#log(channel);
    log.byTs.delete(ts);
    if (ephemeral !== undefined) cut(log.ephemerals.get(ephemeral), ts);
    cut(log.timeline, ts);
    if (thread_ts !== undefined) cut(log.threads.get(thread_ts), ts);
  }

  /** Replies to a message, oldest first. */
  replies(channel: string, parent: Ts): Ts[] {
    return this.#logs.get(channel)?.threads.get(parent) ?? [];
  }

  timeline(channel: string): Ts[] {
    return this.#logs.get(channel)?.timeline ?? [];
  }

  /** What only this person sees here, oldest first. */
  ephemerals(channel: string, user: string): Message[] {
    const log = this.#logs.get(channel);
    return resolve(log, log?.ephemerals.get(user) ?? []);
  }

  resolve(channel: string, list: readonly Ts[]): Message[] {
    return resolve(this.#logs.get(channel), list);
  }

  #log(channel: string): Log {
    const open = this.#logs.get(channel);
    if (open !== undefined) return open;
    const log = { timeline: [], threads: new Map(), ephemerals: new Map(), byTs: new Map() };
    this.#logs.set(channel, log);
    return log;
  }
}

function resolve(log: Log | undefined, list: readonly Ts[]): Message[] {
  return list.flatMap((ts) => log?.byTs.get(ts) ?? []);
}

function listIn<K>(lists: Map<K, Ts[]>, key: K): Ts[] {
  const open = lists.get(key);
  if (open !== undefined) return open;
  const list: Ts[] = [];
  lists.set(key, list);
  return list;
}

/** The first place in a rising list whose ts is at or after `ts`. */
export function placeOf(list: readonly Ts[], ts: Ts): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(list[middle] ?? '', ts)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Compares as numbers would, without losing the microseconds. */
export function isBefore(a: Ts, b: Ts): boolean {
  const [secondsA = '', microsA = ''] = a.split('.');
  const [secondsB = '', microsB = ''] = b.split('.');
  if (secondsA.length !== secondsB.length) return secondsA.length < secondsB.length;
  return secondsA === secondsB ? microsA.padEnd(6, '0') < microsB.padEnd(6, '0') : secondsA < secondsB;
}

function cut(list: Ts[] | undefined, ts: Ts): void {
  if (list === undefined) return;
  const at = placeOf(list, ts);
  if (list[at] === ts) list.splice(at, 1);
}
