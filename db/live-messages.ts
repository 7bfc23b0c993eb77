/** The Slack messages that show deployments: what each must show, what it shows, and where it is. */

import type { Kysely, Selectable, Updateable } from 'kysely';
import type { LiveMessages, MessageRow, Only } from '../src/conductor/ports/live-messages.ts';
import { defined } from '../src/defined.ts';
import { type LiveMessage, messageKey, type News } from '../src/deployment/effects.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import { prepared } from './prepared.ts';
import * as queries from './queries/live-messages.ts';
import { AT_ONCE, type LiveMessagesTable, type Tables } from './schema.ts';

type Shown = Pick<Selectable<LiveMessagesTable>, 'channel' | 'ts' | 'content' | 'file' | 'shown'>;

const setShown = prepared((db: Kysely<Tables>, deployment: string, key: string, now: Shown) =>
  db
    .updateTable('live_messages')
    .set((eb) => ({
      ...now,
      sending_since: null,
      attempts: 0,
      problem: null,
      // What was committed while it was under way is due at once.
      next_at: eb
        .case()
        .when('wanted', '>', now.shown)
        .then(eb.fn.coalesce('next_at', eb.val(AT_ONCE)))
        .else(null)
        .end(),
    }))
    .where('deployment', '=', deployment)
    .where('key', '=', key),
);

const change = prepared(
  (db: Kysely<Tables>, deployment: string, key: string, to: Updateable<LiveMessagesTable>) =>
    db.updateTable('live_messages').set(to).where('deployment', '=', deployment).where('key', '=', key),
);

type Rest = Pick<Updateable<LiveMessagesTable>, 'next_at' | 'problem' | 'sending_since'>;

const rest = prepared((db: Kysely<Tables>, deployment: string, key: string, to: Rest) =>
  db
    .updateTable('live_messages')
    .set((eb) => ({ ...to, attempts: eb('attempts', '+', 1) }))
    .where('deployment', '=', deployment)
    .where('key', '=', key)
    .where('given_up_at', 'is', null),
);

const NOT_SENDING = { sending_since: null };

export class SqlLiveMessages implements LiveMessages {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async stale(now: Instant, limit: number, only: Only = {}): Promise<MessageRow[]> {
    const rows = await this.#connection.run((db) => queries.someMessages(db, now, limit, only));
    return rows.map((row) => this.#rowOf(row));
  }

  async waiting(now: Instant, limit: number, upTo?: News): ReturnType<LiveMessages['waiting']> {
    const rows = await this.#connection.run((db) => queries.allMessages(db, now, limit, upTo));
    const isDue = ({ next_at: at }: { next_at: Instant | null }): boolean => at !== null && at <= now;
    const next = rows.find((row) => !isDue(row))?.next_at;
    const { kept } = this.#connection;
    const due = rows.filter(isDue).map(({ stands_at: seq, looked_until, ...row }) => ({
      ...this.#rowOf(row),
      ...defined({ known: kept.as(row.deployment, { seq, looked_until }) }),
    }));
    return { rows: due, next: next ?? undefined };
  }

  async find(deployment: string, key: string): Promise<MessageRow | undefined> {
    const row = await this.#connection.run((db) => queries.messageByKey(db, deployment, key));
    return row && this.#rowOf(row);
  }

  async at(channel: string, ts: string): Promise<MessageRow | undefined> {
    const row = await this.#connection.run((db) => queries.messageAt(db, channel, ts));
    return row && this.#rowOf(row);
  }

  async sending(row: MessageRow, at: Instant): Promise<void> {
    const key = messageKey(row.message);
    // Its commit has said so.
    if (this.#connection.unsent.delete(row.deployment, key)) return;
    // On the disk before Slack has it: else a power cut in between would have it posted twice.
    await this.#connection.transaction((trx) => change(trx, row.deployment, key, { sending_since: at }));
  }

  async shown(
    row: MessageRow,
    { channel, ts, content, seq, file }: Parameters<LiveMessages['shown']>[1],
  ): Promise<void> {
    const now = { channel, ts, content, file: file ?? null, shown: seq };
    const key = messageKey(row.message);
    await this.#connection.run((db) => setShown(db, row.deployment, key, now));
    this.#connection.unsent.delete(row.deployment, key);
  }

  async retryAt(
    row: MessageRow,
    at: Instant,
    problem: string,
    sent: 'no' | 'perhaps' = 'perhaps',
  ): Promise<void> {
    const key = messageKey(row.message);
    const to = { next_at: at, problem, ...(sent === 'no' ? NOT_SENDING : {}) };
    await this.#connection.run((db) => rest(db, row.deployment, key, to));
    if (sent === 'no') this.#connection.unsent.delete(row.deployment, key);
  }

  async giveUp(row: MessageRow, problem: string): Promise<void> {
    const given_up_at = this.#connection.now();
    await this.#change(row, { next_at: null, given_up_at, problem, ...NOT_SENDING });
  }

  async lost(row: MessageRow): Promise<void> {
    const nowhere = { channel: null, ts: null, content: null, file: null, shown: 0 };
    await this.#change(row, { ...nowhere, next_at: AT_ONCE, ...NOT_SENDING });
  }

  async again(row: MessageRow): Promise<void> {
    await this.#connection.run((db) =>
      db
        .updateTable('live_messages')
        .set({ next_at: AT_ONCE, rank: queries.rankOf('look', messageKey(row.message)) })
        .where('deployment', '=', row.deployment)
        .where('key', '=', messageKey(row.message))
        .where('next_at', 'is', null)
        .where('given_up_at', 'is', null)
        .execute(),
    );
  }

  async nextAt(after: Instant): Promise<Instant | undefined> {
    const row = await this.#connection.run((db) => queries.nextMessage(db, after));
    return row?.at ?? undefined;
  }

  async #change(row: MessageRow, to: Updateable<LiveMessagesTable>): Promise<void> {
    const key = messageKey(row.message);
    await this.#connection.run((db) => change(db, row.deployment, key, to));
    this.#connection.unsent.delete(row.deployment, key);
  }

  #rowOf(row: Selectable<LiveMessagesTable>): MessageRow {
    const { channel, ts, content, file, sending_since: since, given_up_at: given } = row;
    const isUnsent = since !== null && this.#connection.unsent.has(row.deployment, row.key);
    return {
      deployment: row.deployment,
      message: JSON.parse(row.message) as LiveMessage,
      news: queries.newsAt(row.rank),
      since: row.since,
      place: row.place,
      wanted: row.wanted,
      shown: row.shown,
      ...(channel === null ? {} : { channel }),
      ...(ts === null ? {} : { ts }),
      ...(content === null ? {} : { content }),
      ...(file === null ? {} : { file }),
      ...(since === null || isUnsent ? {} : { sendingSince: since }),
      ...(given === null ? {} : { givenUp: true }),
    };
  }
}
