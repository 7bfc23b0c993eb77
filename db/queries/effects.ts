/** Commands that wait to be carried out. */

import { sql } from 'kysely';
import type { Instant } from '../../src/time.ts';
import { prepared } from '../prepared.ts';
import type { Db } from '../schema.ts';
import { inCommandLanes, RANKS } from './lanes.ts';

/** A record that was restored goes on from a number that no command of it ever had. */
const SEQUENCE = sql<number>`effects.checkpoint + (select last from sequences where name = 'commands')`;
const RECORD = sql<number>`(select last from sequences where name = 'record')`;

/** What is ready, and the one that is ready after that, if any. */
export const readyEffects = inCommandLanes((lane) => {
  const inLane = (db: Db) =>
    db
      .selectFrom('effects')
      .select([
        'key',
        'deployment',
        'effect',
        'attempts',
        'next_at as at',
        SEQUENCE.as('sequence'),
        RECORD.as('record'),
      ])
      .where('rank', '=', RANKS[lane])
      .$narrowType<{ at: Instant }>();
  const ready = (db: Db, now: Instant, limit: number) =>
    inLane(db)
      .where('next_at', '<=', now)
      .orderBy('created_at')
      .orderBy('seq')
      .orderBy('ordinal')
      .limit(limit);
  const next = (db: Db, now: Instant) => inLane(db).where('next_at', '>', now).orderBy('next_at').limit(1);
  return prepared((db: Db, now: Instant, limit: number) =>
    db
      .selectFrom(ready(db, now, limit).as('ready'))
      .selectAll()
      .unionAll(db.selectFrom(next(db, now).as('next')).selectAll()),
  );
});
