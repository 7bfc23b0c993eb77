/** What a feature of the bot is to Slack: handlers by id, free of Bolt, so that they read as what a person did. */

import type { KnownBlock, ModalView } from '@slack/types';

/** Something only the person sees. */
export interface Answer {
  text: string;
  blocks?: KnownBlock[];
}

/** Where and by whom something was done. */
export interface Origin {
  userId: string;
  /** The workspace the person belongs to; foreign on a shared channel. */
  teamId?: string;
  /** Good for one modal, for 3 s. */
  triggerId?: string;
  /** Tells the person, and only them. */
  answer(answer: Answer): Promise<void>;
}

export interface CommandCall extends Origin {
  /** All that was typed after `/deploy`. */
  typed: string;
  /** What follows the sub-command. */
  text: string;
  channelId: string;
}

export interface Click extends Origin {
  actionId: string;
  /** A button's value, or the value of the chosen option, date or text; empty where nothing is chosen. */
  value: string;
  /** The message it was clicked on; unset in a modal or on Home. */
  message?: { channel: string; ts: string };
  /** The view it was clicked in; unset on a message. */
  view?: OpenView;
}

export interface OpenView {
  id: string;
  hash: string;
  callbackId: string;
  privateMetadata: string;
  values: ViewValues;
}

export type ViewValues = Record<string, Record<string, Record<string, unknown>>>;

/** What somebody, or another app, posted in a channel that the bot is in. */
export interface Heard {
  channel: string;
  ts: string;
  /** As Slack sent it. */
  message: unknown;
}

/** Somebody spoke to the bot, in a channel or in a thread: where slash commands cannot be used. */
export interface Mention extends Origin {
  channel: string;
  ts: string;
  /** Where the thread began; the mention's own ts outside of one. */
  thread: string;
  /** What follows the first word after the mention. */
  text: string;
}

/** Somebody picked a shortcut on a message. */
export interface MessageShortcut extends Origin {
  channel: string;
  /** As Slack sent it. */
  message: unknown;
}

export interface Submission extends Origin {
  view: OpenView;
}

/** How a submitted modal ends; `afterwards` runs when the person has their answer. */
export type SubmissionEnd =
  | { kind: 'close'; afterwards?: () => Promise<void> }
  /** By block id: each error stands at the field it is about. */
  | { kind: 'errors'; errors: Record<string, string> }
  | { kind: 'update'; view: ModalView };

export interface OptionsQuery {
  userId: string;
  query: string;
  view?: OpenView;
}

export interface Option {
  text: string;
  value: string;
  description?: string;
}

export interface SubCommand {
  /** `rollback SERVICE [ENVIRONMENT]` */
  usage: string;
  summary: string;
  run(call: CommandCall): Promise<void>;
}

export interface Feature {
  subCommands?: Record<string, SubCommand>;
  /** By action id. */
  clicks?: Record<string, (click: Click) => Promise<void>>;
  /** By the `a` of a choice in an overflow menu; the menu's own click hands it on. */
  choices?: Record<string, (click: Click) => Promise<void>>;
  /** By callback id. */
  submissions?: Record<string, (submission: Submission) => Promise<SubmissionEnd>>;
  /** By action id. */
  options?: Record<string, (query: OptionsQuery) => Promise<Option[]>>;
  /** Ids of clicks that never wait for who may look: the decision they ask for asks who clicked by itself (RB-1). */
  urgent?: readonly string[];
  homeOpened?(userId: string): Promise<void>;
  /** By the first word after the mention. */
  mentions?: Record<string, (mention: Mention) => Promise<void>>;
  /** By callback id. */
  shortcuts?: Record<string, (shortcut: MessageShortcut) => Promise<void>>;
  /** Of new messages only: no reply, no edit, none of the bot's own. */
  heard?(heard: Heard): Promise<void>;
}
