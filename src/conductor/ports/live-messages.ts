/** The messages in Slack that show the record, and how far each has come. */

import type { Deployment } from '../../deployment/deployment.ts';
import type { LiveMessage, News } from '../../deployment/effects.ts';
import type { Instant } from '../../time.ts';

export interface MessageRow {
  deployment: string;
  /** The deployment as it stood when the row was read, where that needed no reading. */
  known?: Deployment;
  message: LiveMessage;
  /** The most urgent of what it does not show yet. */
  news: News;
  /** It has waited to show that since then. */
  since: Instant;
  /** Where Slack counts its posts: a channel, or the person of a direct message. */
  place: string;
  /** The seq it must show at least. */
  wanted: number;
  /** The seq it shows; 0 while it was never posted. */
  shown: number;
  /** Where it is, once posted. */
  channel?: string;
  ts?: string;
  /** A hash of what it shows: the same content is not sent again. */
  content?: string;
  /** The uploaded file that it shows a picture from. */
  file?: string;
  /** Set before a post and cleared by its answer: where both are missing, look before posting again. */
  sendingSince?: Instant;
  /** It can never be shown, and is not tried any more. */
  givenUp?: true;
}

/** Which of those that wait; all where nothing is said. */
export interface Only {
  /** To be updated, or to be posted. */
  posted?: boolean;
  /** As urgent as this at least. */
  upTo?: News;
  /** Not in these places. */
  outside?: readonly string[];
  /** No direct messages. */
  noDirect?: boolean;
  /** Whoever has waited longest first, instead of the most urgent. */
  oldest?: boolean;
}

export interface LiveMessages {
  /** Messages that show less than they should, whose time has come: the most urgent first, then who has waited longest. */
  stale(now: Instant, limit: number, only?: Only): Promise<MessageRow[]>;
  /** The same of all that are as urgent as this at least, and when the next one's time comes. */
  waiting(
    now: Instant,
    limit: number,
    upTo?: News,
  ): Promise<{ rows: MessageRow[]; next: Instant | undefined }>;
  find(deployment: string, key: string): Promise<MessageRow | undefined>;
  /** The message at a place in Slack, for a click on it. */
  at(channel: string, ts: string): Promise<MessageRow | undefined>;
  sending(row: MessageRow, at: Instant): Promise<void>;
  shown(
    row: MessageRow,
    place: { channel: string; ts: string; content: string; seq: number; file?: string },
  ): Promise<void>;
  /** The record has not moved, and yet it shall show something else: render it again. */
  again(row: MessageRow): Promise<void>;
  /** `sent: 'no'` where Slack certainly did not take it: then nothing has to be looked for. */
  retryAt(row: MessageRow, at: Instant, problem: string, sent?: 'no' | 'perhaps'): Promise<void>;
  /** It can never be shown (the channel is gone): recorded with the reason, and not tried again. */
  giveUp(row: MessageRow, problem: string): Promise<void>;
  /** Somebody deleted it in Slack: its place is forgotten, and it is posted again. */
  lost(row: MessageRow): Promise<void>;
  /** When the next is due after this moment. */
  nextAt(after: Instant): Promise<Instant | undefined>;
}
