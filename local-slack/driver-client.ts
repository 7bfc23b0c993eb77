/** A typed client of the driver, for tests and scripts: acts as people, and waits on the stream, never on a clock. */

import { type Dispatcher, Pool } from 'undici';
import { type EventFeed, openFeed } from './event-feed.ts';
import type {
  Call,
  CommandAnswer,
  Delivered,
  Delivery,
  Message,
  SlackFile,
  StreamEvent,
  SubmitAnswer,
  SuggestAnswer,
  Ts,
  View,
  Workspace,
} from './protocol.ts';

/** What a person gives an element: text, an option's value, an id, seconds, or a list of those. */
export type Given =
  | string
  | number
  | null
  | (string | number)[]
  | { type: 'rich_text'; [key: string]: unknown };
export type GivenValues = Record<string, Record<string, Given>>;

/** Where an element is. */
export type Place = { channel: string; ts: Ts } | { view_id: string };

export interface Element {
  action_id: string;
  block_id?: string;
  value?: Given;
}

export interface FaultToSet {
  on: string;
  do:
    | 'delay'
    | 'drop'
    | 'duplicate'
    | 'status'
    | 'hang'
    | 'cut'
    | 'lose-answer'
    | 'error'
    | 'refresh'
    | 'skew';
  ms?: number;
  status?: number;
  /** Seconds. */
  retry_after?: number;
  error?: string;
  times?: number;
}

/** The driver refused: 400 for a wrong call, 404 for what is not there or not shown. */
class DriverRefused extends Error {
  readonly status: number;
  readonly path: string;

  constructor(status: number, message: string, path: string) {
    super(`${message} (${status}${path === '' ? '' : `, ${path}`})`);
    this.name = 'DriverRefused';
    this.status = status;
    this.path = path;
  }
}

export interface AppMessage {
  text?: string;
  attachments?: readonly object[];
  blocks?: readonly object[];
  thread_ts?: Ts;
  update_ts?: Ts;
  delete_ts?: Ts;
}

type Said = { ok: true; ts: Ts } | { ok: false; error: string };

export interface Driver {
  workspace(): Promise<Workspace>;
  /** `text` with the slash; people and channels by id or name, a direct message as `dm:U…:bot`. */
  command(user: string, channel: string, text: string, in_?: { thread_ts?: Ts }): Promise<CommandAnswer>;
  say(user: string, channel: string, text: string, in_?: { thread_ts?: Ts }): Promise<Said>;
  /** Another app posts; with `update_ts` or `delete_ts` it edits or deletes what it posted. */
  appMessage(app: string, channel: string, said: AppMessage): Promise<{ ok: true; ts: Ts }>;
  action(user: string, place: Place, element: Element): Promise<Delivered>;
  suggest(user: string, place: Place, element: Omit<Element, 'value'>, query: string): Promise<SuggestAnswer>;
  submit(user: string, viewId: string, values?: GivenValues): Promise<SubmitAnswer>;
  closeView(user: string, viewId: string): Promise<{ ok: true }>;
  shortcut(user: string, callbackId: string, on?: { channel: string; ts: Ts }): Promise<Delivered>;
  upload(
    user: string,
    file: { channel?: string; view_id?: string; filename: string; content: string; thread_ts?: Ts },
  ): Promise<{ ok: true; file: SlackFile; ts?: Ts } | { ok: false; error: string }>;
  /** Oldest first. */
  messages(asked: {
    channel: string;
    user?: string;
    thread_ts?: Ts;
    since?: Ts;
    before?: Ts;
    limit?: number;
  }): Promise<Message[]>;
  view(user: string): Promise<View | null>;
  /** Opens Home; `wait` for what the app publishes because of it. Not for use inside `until`. */
  home(user: string, how?: { wait?: boolean }): Promise<View | null>;
  /** `only: 'wrong'` are those that were refused or broke a rule. */
  calls(asked?: { since?: number; method?: string; only?: 'wrong' }): Promise<Call[]>;
  deliveries(asked?: { since?: number }): Promise<Delivery[]>;
  faults(...set: FaultToSet[]): Promise<{ ok: true }>;
  clearFaults(): Promise<{ ok: true }>;
  people(
    user: string,
    set: {
      deleted?: boolean;
      is_restricted?: boolean;
      is_ultra_restricted?: boolean;
      [field: string]: unknown;
    },
  ): Promise<{ ok: true }>;
  channel(
    channel: string,
    set: { archived?: boolean; name?: string; private?: boolean; bot_in?: boolean },
  ): Promise<{ ok: true }>;
  usergroup(usergroup: string, users: readonly string[]): Promise<{ ok: true }>;
  /** Looks now and after every event, until it finds something; fails after `within` milliseconds (10 s). */
  until<T>(look: () => T | Promise<T>, how?: Within): Promise<Exclude<T, undefined | null | false | 0 | ''>>;
  /** The first such event since the driver connected, or since a `mark`. */
  event<T extends StreamEvent>(is: (event: StreamEvent) => event is T, how?: Within & From): Promise<T>;
  event(is: (event: StreamEvent) => boolean, how?: Within & From): Promise<StreamEvent>;
  /** How far the stream is, for `event`. */
  mark(): number;
  /** Ends the stream. */
  close(): Promise<void>;
}

export interface Within {
  /** Milliseconds. */
  within?: number;
  /** What is waited for, for the message of the failure. */
  what?: string;
}

export interface From {
  from?: number;
}

/** `url` of the local Slack, without a trailing slash. Resolves when the stream is open. */
export async function connectDriver(url: string): Promise<Driver> {
  const feed = await openFeed(`${url}/driver/stream`);
  const connections = new Pool(url);
  return {
    ...callsTo(connections),
    ...waitingOn(feed),
    async close() {
      await Promise.all([feed.close(), connections.destroy()]);
    },
  };
}

type Calls = Omit<Driver, 'until' | 'event' | 'mark' | 'close'>;

function callsTo(connections: Pool): Calls {
  const post = <T>(path: string, body: object): Promise<T> =>
    call(connections, {
      method: 'POST',
      path: `/driver/${path}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const get = <T>(path: string, query: object = {}): Promise<T> => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) search.set(name, String(value));
    return call(connections, { method: 'GET', path: `/driver/${path}?${search}` });
  };
  return {
    workspace: () => get('workspace'),
    command: (user, channel, text, in_ = {}) => post('command', { user, channel, text, ...in_ }),
    say: (user, channel, text, in_ = {}) => post('say', { user, channel, text, ...in_ }),
    appMessage: (app, channel, said) => post('app-message', { app, channel, ...said }),
    action: (user, place, element) => post('action', { user, ...place, ...element }),
    suggest: (user, place, element, query) => post('suggest', { user, ...place, ...element, query }),
    submit: (user, view_id, values = {}) => post('submit', { user, view_id, values }),
    closeView: (user, view_id) => post('close', { user, view_id }),
    shortcut: (user, callback_id, on = undefined) => post('shortcut', { user, callback_id, ...on }),
    upload: (user, file) => post('upload', { user, ...file }),
    messages: async (asked) => (await get<{ messages: Message[] }>('messages', asked)).messages,
    view: async (user) => (await get<{ view: View | null }>('view', { user })).view,
    home: async (user, { wait = false } = {}) =>
      (await get<{ view: View | null }>('home', { user, wait: wait ? 1 : 0 })).view,
    calls: async (asked = {}) => (await get<{ calls: Call[] }>('calls', asked)).calls,
    deliveries: async (asked = {}) => (await get<{ deliveries: Delivery[] }>('deliveries', asked)).deliveries,
    faults: (...set) => post('faults', { set }),
    clearFaults: () => post('faults', { clear: true }),
    people: (user, set) => post('people', { user, set }),
    channel: (channel, set) => post('channel', { channel, set }),
    usergroup: (usergroup, users) => post('usergroup', { usergroup, users }),
  };
}

/** Not by the standard `fetch`, which costs more than the rest of a call. */
async function call<T>(connections: Pool, sent: Dispatcher.RequestOptions): Promise<T> {
  const answer = await connections.request(sent);
  const body = (await answer.body.json()) as { error?: string; path?: string };
  if (answer.statusCode < 300) return body as T;
  throw new DriverRefused(answer.statusCode, body.error ?? '', body.path ?? '');
}

const WITHIN_MS = 10_000;

function waitingOn(feed: EventFeed): Pick<Driver, 'until' | 'event' | 'mark'> {
  async function until<T>(
    look: () => T | Promise<T>,
    { within = WITHIN_MS, what = look.toString() }: Within = {},
  ): Promise<Exclude<T, undefined | null | false | 0 | ''>> {
    const deadline = feed.deadline(within, what);
    try {
      for (;;) {
        const seen = feed.length();
        const found = await look();
        if (found) return found as Exclude<T, undefined | null | false | 0 | ''>;
        await Promise.race([feed.moreThan(seen), deadline.passed]);
      }
    } finally {
      deadline.stop();
    }
  }
  async function event(
    is: (event: StreamEvent) => boolean,
    { from = 0, ...how }: Within & From = {},
  ): Promise<StreamEvent> {
    let place = from;
    const look = (): StreamEvent | undefined => {
      const fresh = feed.since(place);
      place += fresh.length;
      return fresh.find(is);
    };
    return until(look, { what: is.toString(), ...how });
  }
  return { until, event: event as Driver['event'], mark: () => feed.length() };
}
