/** The driver's answers and stream, as types: the contract between the server, the page and everyone who drives it. */

/** A Slack message time: seconds with six decimals, unique in the workspace. */
export type Ts = string;

export interface Person {
  id: string;
  name: string;
  real_name: string;
  email?: string;
  /** IANA zone, e.g. `Europe/Berlin`. */
  tz: string;
  title?: string;
  /** A colour for the drawn avatar, `#rrggbb`. */
  color: string;
  deleted: boolean;
  is_bot: boolean;
  is_restricted: boolean;
  is_ultra_restricted: boolean;
  team_id: string;
}

export interface Channel {
  id: string;
  name: string;
  topic?: string;
  is_private: boolean;
  /** Who is in it, or who is not: the shorter of the two, as most people are in most channels. */
  members: { only: string[] } | { all_but: string[] };
}

export interface Usergroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
}

export interface Workspace {
  team: { id: string; name: string; domain: string };
  /** The whole address of the Web API, with its trailing slash. */
  api: string;
  bot: {
    user_id: string;
    bot_id: string;
    app_id: string;
    name: string;
    token: string;
    app_token: string;
    signing_secret: string;
  };
  users: Person[];
  channels: Channel[];
  usergroups: Usergroup[];
  commands: { command: string; description: string; usage_hint?: string }[];
  shortcuts: { name: string; type: 'global' | 'message'; callback_id: string; description: string }[];
  /** Incoming webhooks, one for each channel: any program may post to them. */
  webhooks: { url: string; channel: string; app: string }[];
  /** Other apps that have posted. */
  apps: { app_id: string; bot_id: string; user_id: string; name: string }[];
  /** Each person's DM with the bot. */
  dms: { id: string; user: string }[];
  /** What people see as the time now, in milliseconds since the epoch, and how many times as fast as real time it runs. */
  clock: { now: number; speed: number };
  /** Whether the app is connected now (a socket is open, or a request URL answers). */
  connected: boolean;
}

/** One Block Kit object as JSON; its rules live in `block-kit/`. */
export type Block = { type: string; block_id?: string; [key: string]: unknown };

export interface Message {
  channel: string;
  ts: Ts;
  thread_ts?: Ts;
  /** Who wrote it: a person, an app's bot user, or for an incoming webhook the id of its bot. */
  user: string;
  bot_id?: string;
  /** Of another app: the app under test is meant where there is none. */
  app_id?: string;
  /** The name that an incoming webhook gave itself. */
  username?: string;
  icon_emoji?: string;
  icon_url?: string;
  text: string;
  blocks: Block[];
  edited?: { user: string; ts: Ts };
  /** Set on an ephemeral message: only this person sees it. */
  ephemeral?: string;
  reply_count?: number;
  reply_users?: string[];
  latest_reply?: Ts;
  /** A reply that was also sent to the channel. */
  broadcast?: boolean;
  files?: SlackFile[];
  unfurl_links?: boolean;
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  /** Legacy attachments, as Slack keeps them. */
  attachments?: Record<string, unknown>[];
  reactions?: { name: string; users: string[]; count: number }[];
  /** `tombstone` marks where a message with replies was deleted; an incoming webhook's is a `bot_message`. */
  subtype?: 'tombstone' | 'file_share' | 'bot_message';
}

/** An image block that names a `slack_file` by id loads from `/files/{id}`. */
export interface SlackFile {
  id: string;
  name: string;
  title?: string;
  mimetype: string;
  size: number;
  /** Where the page loads it from, on the local Slack's own port. */
  url_private: string;
  alt_text?: string;
}

/** A modal or a Home as its person sees it now. */
export interface View {
  id: string;
  hash: string;
  type: 'modal' | 'home';
  callback_id: string;
  title: string;
  submit?: string;
  close?: string;
  blocks: Block[];
  /** State as `{ [block_id]: { [action_id]: … } }`, as Slack sends it in `view.state.values`. */
  values: Record<string, Record<string, Record<string, unknown>>>;
  /** Ids of the open stack, the lowest first; one to three for a modal, empty for Home. */
  stack: string[];
}

export interface Violation {
  /** A JSON pointer into what was sent, e.g. `/blocks/3/text/text`. */
  pointer: string;
  /** Slack's own error code, e.g. `invalid_blocks`. */
  code: string;
  message: string;
}

/** One Web API call the app made, as the wire panel shows it. */
export interface Call {
  id: number;
  /** UTC, ISO 8601. */
  at: string;
  method: string;
  args: Record<string, unknown>;
  ok: boolean;
  error?: string;
  violations: Violation[];
}

/** One delivery to the app: a command, an interaction or an event. */
export interface Delivery {
  id: number;
  at: string;
  kind: 'slash_commands' | 'interactive' | 'events_api';
  /** The payload's own type: `/deploy`, `block_actions`, `app_home_opened`, … */
  what: string;
  payload: Record<string, unknown>;
  attempt: number;
  /** How long the app took to ack; unset while it has not. */
  ack_ms?: number;
  error?: string;
}

/** What `/driver/stream` sends, one JSON object per server-sent event, its `event:` being `type`. */
export type StreamEvent =
  | { type: 'message'; message: Message }
  | { type: 'message_changed'; message: Message }
  | { type: 'message_deleted'; channel: string; ts: Ts }
  | { type: 'view'; user: string; view: View | null }
  | { type: 'home'; user: string; view: View }
  | { type: 'call'; call: Call }
  | { type: 'delivery'; delivery: Delivery }
  /** A person, channel or the app's connection changed: load `/driver/workspace` again. */
  | { type: 'workspace' };

/** What the person sees of a delivery: whether the app acked in time, and if not, Slack's error. */
export interface Delivered {
  ok: boolean;
  /** Milliseconds until the ack, or until Slack gave up. */
  ack_ms: number;
  /** The words the person sees. */
  error?: string;
  /** Slack's code for it, e.g. `operation_timeout`. */
  code?: string;
}

export interface CommandAnswer extends Delivered {
  /** What the ack itself said, where it said something. */
  reply?: Message;
}

export interface SubmitAnswer extends Delivered {
  /** What is wrong, by block. */
  errors?: Record<string, string>;
  /** The modal that is on top now. */
  view?: View;
}

export interface Option {
  text: { type: string; text: string; emoji?: boolean };
  value: string;
  description?: { type: string; text: string };
}

export interface SuggestAnswer extends Delivered {
  /** In the order shown, groups flattened. */
  options: Option[];
}
