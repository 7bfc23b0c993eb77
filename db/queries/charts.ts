/** Charts that have to be looked at. */

import type { Instant } from '../../src/time.ts';
import { prepared, preparedFirst } from '../prepared.ts';
import type { Db } from '../schema.ts';

/** What is due, and the one that is due after that, if any. */
export const dueCharts = prepared((db: Db, now: Instant, limit: number) => {
  const inTurn = db.selectFrom('charts').selectAll().orderBy('next_at');
  return db
    .selectFrom(inTurn.where('next_at', '<=', now).limit(limit).as('due'))
    .selectAll()
    .unionAll(db.selectFrom(inTurn.where('next_at', '>', now).limit(1).as('next')).selectAll());
});

export const chartOf = preparedFirst((db: Db, deployment: string, stage: number) =>
  db.selectFrom('charts').selectAll().where('deployment', '=', deployment).where('stage', '=', stage),
);
