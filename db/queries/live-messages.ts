/** Slack messages that show less than they should, in the order in which they go. */

import { sql } from 'kysely';
import type { Only } from '../../src/conductor/ports/live-messages.ts';
import { NEWS, type News } from '../../src/deployment/effects.ts';
import type { Instant } from '../../src/time.ts';
import { prepared, preparedFirst } from '../prepared.ts';
import type { Db } from '../schema.ts';

/** One number for the order in which messages go: the card first, but for figures, where who has waited longest goes first. */
export const rankOf = (news: News, key: string): number =>
  2 * NEWS.indexOf(news) + (key === 'card' || news === 'look' ? 0 : 1);

export const newsAt = (rank: number): News => NEWS[rank >> 1] ?? 'look';

/** Of one deployment they go in the order of its events: a line waits for the card and for the lines before it. */
const waitingMessages = (
  db: Db,
  now: Instant,
  limit: number,
  rank: number,
  { posted, outside = [], noDirect, oldest }: Omit<Only, 'upTo'>,
) =>
  db
    .selectFrom('live_messages')
    .selectAll()
    .where('next_at', '<=', now)
    .where('rank', '<=', rank)
    .$if(posted !== undefined, (q) => q.where('ts', posted ? 'is not' : 'is', null))
    .$if(outside.length > 0, (q) => q.where('place', 'not in', outside))
    .$if(noDirect === true, (q) => q.where('key', 'not like', 'dm:%').where('key', 'not like', 'nudge:%'))
    .$if(oldest === true, (q) => q.orderBy('since'))
    .orderBy('rank')
    .orderBy('since')
    .orderBy('since_seq')
    .orderBy('deployment')
    .limit(limit);

const LEAST_URGENT = rankOf('look', '');

const leastUrgent = (upTo: News | undefined): number =>
  upTo === undefined ? LEAST_URGENT : rankOf(upTo, '');

/** Where the deployment of a message stands: whoever keeps its state needs no more. */
const standing = (message: 'waiting' | 'next') => {
  const id = sql.ref(`${message}.deployment`);
  return [
    sql<number>`(select seq from deployments where deployments.id = ${id})`.as('stands_at'),
    sql<number | null>`(select looked_until from watches where watches.deployment = ${id})`.as(
      'looked_until',
    ),
  ] as const;
};

const waitingAndNext = prepared((db: Db, now: Instant, limit: number, rank: number) =>
  db
    .selectFrom(waitingMessages(db, now, limit, rank, {}).as('waiting'))
    .selectAll()
    .select(standing('waiting'))
    .unionAll(
      db
        .selectFrom(
          db
            .selectFrom('live_messages')
            .selectAll()
            .where('next_at', '>', now)
            .orderBy('next_at')
            .limit(1)
            .as('next'),
        )
        .selectAll()
        .select(standing('next')),
    ),
);

/** All that wait, after every message sent, and the one that is due after that, if any. */
export async function allMessages(db: Db, now: Instant, limit: number, upTo: News | undefined) {
  return (await waitingAndNext(db, now, limit, leastUrgent(upTo))).rows;
}

/** A part of them: where there are many, or Slack refuses some. */
export const someMessages = (db: Db, now: Instant, limit: number, { upTo, ...part }: Only) =>
  waitingMessages(db, now, limit, leastUrgent(upTo), part).execute();

export const messageByKey = preparedFirst((db: Db, deployment: string, key: string) =>
  db.selectFrom('live_messages').selectAll().where('deployment', '=', deployment).where('key', '=', key),
);

export const messageAt = preparedFirst((db: Db, channel: string, ts: string) =>
  db.selectFrom('live_messages').selectAll().where('channel', '=', channel).where('ts', '=', ts),
);

export const nextMessage = preparedFirst((db: Db, after: Instant) =>
  db
    .selectFrom('live_messages')
    .select('next_at as at')
    .where('next_at', '>', after)
    .orderBy('next_at')
    .limit(1),
);
