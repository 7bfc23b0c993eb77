/** The page's only way to the local Slack: the driver's calls, typed; a failed connection is an answer, not a throw. */
import type { Call, Delivery, Message, Option, SlackFile, Ts, View, Workspace } from '../protocol.ts';

/** What a person gives an element: text, an option's value, an id, seconds, or a list of those. */
export type Given = string | number | string[] | Record<string, unknown> | null;
export type GivenValues = Record<string, Record<string, Given>>;

export interface Refused {
  ok: false;
  /** In words that a person can read. */
  error?: string;
  /** Slack's code, where it is the app that failed. */
  code?: string;
  errors?: Record<string, string>;
}
export type Answered<T> = ({ ok: true } & T) | Refused;

/** Where an element is: in a message or in a view. */
export type Place = { channel: string; ts: Ts } | { view_id: string };

const UNREACHABLE = 'The local Slack does not answer.';

async function answer<T>(request: Promise<Response>): Promise<Answered<T>> {
  try {
    const response = await request;
    const body = (await response.json()) as Record<string, unknown>;
    return { ok: response.ok, ...body } as Answered<T>;
  } catch {
    // The server is stopped or restarting; the page says so where the person asked for something.
    return { ok: false, error: UNREACHABLE };
  }
}

function post<T>(path: string, body: object): Promise<Answered<T>> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  return answer<T>(fetch(`/driver/${path}`, init));
}

function get<T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<Answered<T>> {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  const search = new URLSearchParams(given).toString();
  return answer<T>(fetch(`/driver/${path}${search ? `?${search}` : ''}`));
}

export interface Said {
  user: string;
  channel: string;
  text: string;
  thread_ts?: Ts;
}
export interface Acted {
  user: string;
  action_id: string;
  block_id?: string;
  value?: Given;
}
export interface MessagesAsked {
  channel: string;
  user: string;
  thread_ts?: Ts;
  since?: Ts;
  before?: Ts;
  limit?: number;
}

export interface Uploaded {
  user: string;
  /** Where it is shared; a file given to a form is shared nowhere. */
  channel?: string;
  view_id?: string;
  filename: string;
  /** Base 64. */
  content: string;
  thread_ts?: Ts;
}

export const driver = {
  workspace: () => get<Workspace>('workspace'),
  messages: (asked: MessagesAsked) => get<{ messages: Message[] }>('messages', { ...asked }),
  view: (user: string) => get<{ view: View | null }>('view', { user }),
  home: (user: string) => get<{ view: View | null }>('home', { user }),
  calls: () => get<{ calls: Call[] }>('calls'),
  deliveries: () => get<{ deliveries: Delivery[] }>('deliveries'),
  say: (said: Said) => post<{ ts: Ts }>('say', said),
  command: (said: Said) => post<{ ack_ms: number; reply?: unknown }>('command', said),
  action: (acted: Acted & Place) => post<{ ack_ms: number }>('action', acted),
  suggest: (asked: { user: string; action_id: string; block_id?: string; query: string } & Place) =>
    post<{ options: Option[] }>('suggest', asked),
  submit: (user: string, view_id: string, values: GivenValues) =>
    post<{ errors?: Record<string, string>; view?: View | null }>('submit', { user, view_id, values }),
  close: (user: string, view_id: string) => post<object>('close', { user, view_id }),
  shortcut: (asked: { user: string; callback_id: string; channel?: string; ts?: Ts }) =>
    post<{ ack_ms: number }>('shortcut', asked),
  upload: (file: Uploaded) => post<{ file: SlackFile; ts?: Ts }>('upload', { ...file, encoding: 'base64' }),
};

/** A file's bytes in base 64, as an upload carries them. */
export async function base64Of(file: File): Promise<string> {
  let binary = '';
  for (const byte of new Uint8Array(await file.arrayBuffer())) binary += String.fromCharCode(byte);
  return btoa(binary);
}
