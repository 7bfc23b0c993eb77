/** Acts as people in the local Slack, and times what comes of it. */

import { Pool } from 'undici';
import type { GivenValues } from '../local-slack/driver-client.ts';
import { openFeed } from '../local-slack/event-feed.ts';
import type { Call, Delivered, Delivery, Message, SubmitAnswer, View } from '../local-slack/protocol.ts';

export const DANA = 'U0DANA00001';
export const TOM = 'U0TOM000002';
export const SANA = 'U0SANA00003';
export const OMAR = 'U0OMAR00004';
export const PRIYA = 'U0PRIYA0005';
export const CHANNEL = 'C0DEPLOYS01';

export interface Button {
  user: string;
  action_id: string;
  channel: string;
  ts: string;
}

export interface Driving {
  command(user: string, text: string): Promise<Delivered>;
  click(button: Button): Promise<Delivered>;
  submit(user: string, viewId: string, values: GivenValues): Promise<Delivered>;
  /** The modal that the person has open, once it is one of these. */
  modal(user: string, callback: string, before?: string): Promise<View>;
  /** The modal a person has before them. */
  open(user: string): Promise<View | null>;
  /** The latest of the channel, oldest first. */
  messages(most: number): Promise<Message[]>;
  /** Posts as the app, and answers the message's ts. */
  post(token: string, blocks: unknown): Promise<string>;
  /** Resolves with the next call of the method that nobody else waited for. */
  called(method: string): Promise<void>;
  /** So many calls of the method so far. */
  made(method: string): Promise<number>;
  /** So many calls of each method since `mark`. */
  callsSince(mark: Mark): Promise<Record<string, number>>;
  /** Milliseconds from each command since `mark` to the modal that it opened. */
  opened(mark: Mark): Promise<number[]>;
  mark(): Promise<Mark>;
  close(): Promise<void>;
}

export interface Mark {
  call: number;
  delivery: number;
}

const MODAL_WITHIN_MS = 5_000;

export async function drive(url: string): Promise<Driving> {
  const arrivals = await watchCalls(url);
  const pool = new Pool(url, { connections: 64 });

  async function send<T>(path: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
    const answer = await pool.request({
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const json = (await answer.body.json()) as T & { ok?: boolean; error?: string };
    if (answer.statusCode !== 200 || json.ok === false)
      throw new Error(`${path}: ${JSON.stringify(json).slice(0, 400)}`);
    return json;
  }
  const calls = async (since: number): Promise<Call[]> =>
    (await send<{ calls: Call[] }>(`/driver/calls?since=${since}`)).calls;
  const deliveries = async (since: number): Promise<Delivery[]> =>
    (await send<{ deliveries: Delivery[] }>(`/driver/deliveries?since=${since}`)).deliveries;
  let seen: Mark = { call: 0, delivery: 0 };

  return {
    command: (user, text) => send('/driver/command', { user, channel: CHANNEL, text }),
    click: (button) => send('/driver/action', button),
    async submit(user, view_id, values) {
      const answer = await send<SubmitAnswer>('/driver/submit', { user, view_id, values });
      if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
      return answer;
    },
    async modal(user, callback, before) {
      const until = performance.now() + MODAL_WITHIN_MS;
      while (performance.now() < until) {
        const { view } = await send<{ view: View | null }>(`/driver/view?user=${user}`);
        if (view?.callback_id === callback && view.id !== before) return view;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      throw new Error(`no modal ${callback} for ${user}`);
    },
    open: async (user) => (await send<{ view: View | null }>(`/driver/view?user=${user}`)).view,
    messages: async (most) =>
      (await send<{ messages: Message[] }>(`/driver/messages?channel=${CHANNEL}&limit=${most}`)).messages,
    async post(token, blocks) {
      const body = { channel: CHANNEL, text: 'A card', blocks };
      const { ts } = await send<{ ts: string }>('/api/chat.postMessage', body, {
        authorization: `Bearer ${token}`,
      });
      return ts;
    },
    async mark() {
      arrivals.forget();
      const [latestCall, latestDelivery] = await Promise.all([calls(seen.call), deliveries(seen.delivery)]);
      seen = {
        call: latestCall.at(-1)?.id ?? seen.call,
        delivery: latestDelivery.at(-1)?.id ?? seen.delivery,
      };
      return seen;
    },
    async opened(mark) {
      const [made, sent] = await Promise.all([calls(mark.call), deliveries(mark.delivery)]);
      const at = new Map(sent.map((delivery) => [delivery.payload.trigger_id, Date.parse(delivery.at)]));
      return made
        .filter(({ method, ok }) => method === 'views.open' && ok)
        .map((call) => Date.parse(call.at) - (at.get(call.args.trigger_id) ?? Number.NaN));
    },
    made: async (method) => (await send<{ calls: Call[] }>(`/driver/calls?method=${method}`)).calls.length,
    async callsSince(mark) {
      const made: Record<string, number> = {};
      for (const { method } of await calls(mark.call)) made[method] = (made[method] ?? 0) + 1;
      return made;
    },
    called: arrivals.next,
    async close() {
      await arrivals.close();
      await pool.close();
    },
  };
}

interface Arrivals {
  next(method: string): Promise<void>;
  /** Those that nobody waited for until now. */
  forget(): void;
  close(): Promise<void>;
}

/** The app's calls as they arrive, each for one who waits. */
async function watchCalls(url: string): Promise<Arrivals> {
  const feed = await openFeed(`${url}/driver/stream`);
  const arrived = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();
  const count = (method: string): void => {
    const resolve = waiting.get(method)?.shift();
    if (resolve === undefined) arrived.set(method, (arrived.get(method) ?? 0) + 1);
    else resolve();
  };
  const watch = async (): Promise<void> => {
    for (let seen = 0; ; ) {
      await feed.moreThan(seen);
      const events = feed.since(seen);
      seen += events.length;
      for (const event of events) if (event.type === 'call') count(event.call.method);
    }
  };
  const watching = watch().catch(() => undefined);
  return {
    next(method) {
      const early = arrived.get(method) ?? 0;
      if (early === 0) {
        return new Promise((resolve) => {
          waiting.set(method, [...(waiting.get(method) ?? []), resolve]);
        });
      }
      arrived.set(method, early - 1);
      return Promise.resolve();
    },
    forget: () => arrived.clear(),
    async close() {
      await feed.close();
      await watching;
    },
  };
}

/** Runs `each` over the items, so many at a time, and answers what came of them. */
export async function atATime<T, R>(
  many: number,
  items: readonly T[],
  each: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next] as T;
      next += 1;
      results.push(await each(item));
    }
  };
  await Promise.all(Array.from({ length: many }, work));
  return results;
}
