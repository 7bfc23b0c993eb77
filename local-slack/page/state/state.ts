/** All the page knows, as one value. */
import type { Call, Delivery, Message, Ts, View, Workspace } from '../../protocol.ts';

/** What the middle of the page shows: a conversation, or the app's Home tab. */
export interface Spot {
  channel: string;
  tab: 'messages' | 'home';
  /** A message to scroll to and mark. */
  at?: Ts;
}

export interface Log {
  messages: Message[];
  /** There are older messages on the server. */
  older: boolean;
  /** There are newer messages on the server: the log was opened at an old one. */
  newer: boolean;
  /** What was read when the person came: the unread divider stands after it. */
  readAtOpen: Ts;
  /** The newest message then: what came later was seen coming. */
  lastAtOpen: Ts;
}

/** What counting the unread needs to know of a message, for everyone and not only for who looks. */
export interface Seen {
  ts: Ts;
  user: string;
  ephemeral?: string;
  mentions: string[];
}

export interface Notice {
  id: number;
  text: string;
}

export interface Wire {
  calls: Call[];
  deliveries: Delivery[];
}

export interface State {
  /** The workspace's own time to the minute, in milliseconds since the epoch. */
  now: number;
  workspace: Workspace | undefined;
  me: string;
  spot: Spot | undefined;
  thread: { channel: string; ts: Ts } | undefined;
  logs: Record<string, Log>;
  /** Replies with their parent first, by `channel/ts`. */
  threads: Record<string, Message[]>;
  view: View | null;
  home: View | null | undefined;
  seen: Record<string, Seen[]>;
  /** Last read time by person and channel. */
  read: Record<string, Record<string, Ts>>;
  wire: Wire;
  wireOpen: boolean;
  railOpen: boolean;
  dialog: 'keys' | 'jump' | undefined;
  /** Short messages about what just failed or was done. */
  notices: Notice[];
  /** Said to screen readers. */
  announced: string;
  live: boolean;
  theme: 'auto' | 'light' | 'dark';
}

export const threadKey = (channel: string, ts: Ts) => `${channel}/${ts}`;

export function initialState(me: string): State {
  return {
    now: Date.now(),
    workspace: undefined,
    me,
    spot: undefined,
    thread: undefined,
    logs: {},
    threads: {},
    view: null,
    home: undefined,
    seen: {},
    read: {},
    wire: { calls: [], deliveries: [] },
    wireOpen: false,
    railOpen: false,
    dialog: undefined,
    notices: [],
    announced: '',
    live: false,
    theme: 'auto',
  };
}
